// This file shows the keys of the console (the ? key).

import { Button } from '../desk/button.tsx';
import { Dialog } from '../desk/dialog.tsx';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { overWords } from '../words/over.words.ts';

export function Keys({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(overWords);
  const desk = useWords(deskWords);
  const rows = [
    [['Ctrl', 'K'], words.keyPalette],
    [['/'], words.keyFind],
    [['J', 'K'], words.keyDown],
    [['Enter'], words.keyOpen],
    [['←', '→'], words.keyAcross],
    [['F'], words.keyFilter],
    [['Esc'], words.keyBack],
  ] as const;
  return (
    <Dialog title={words.keysTitle} onClose={onClose}>
      <dl className="pairs body">
        {rows.map(([keys, text]) => (
          <div key={text} className="contents">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="btns">
        <Button onClick={onClose}>{desk.close}</Button>
      </div>
    </Dialog>
  );
}
