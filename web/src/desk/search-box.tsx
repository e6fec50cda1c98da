// This file is the search box above a list: one field and its button; what was typed leaves trimmed.
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from './button.tsx';

interface SearchBoxProps {
  /** What the page's address holds; the field follows it. */
  readonly kept: string;
  readonly label: string;
  readonly button: string;
  readonly onSearch: (typed: string) => void;
}

export function SearchBox({ kept, label, button, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form className="find-row" onSubmit={submit}>
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Button type="submit">{button}</Button>
    </form>
  );
}
