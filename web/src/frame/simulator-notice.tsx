// This file says plainly that mail goes to the simulator, not to the world; it is loaded where that is so.
import { Linked } from '../desk/linked.tsx';
import { useWords } from '../screen.ts';
import { simulatorWords } from '../words/simulator.words.ts';

export function SimulatorNotice() {
  const words = useWords(simulatorWords);
  return (
    <aside className="notice" aria-label={words.name}>
      <Linked text={words.text} />
    </aside>
  );
}
