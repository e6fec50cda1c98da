// This file is the way from an emptiness to the first credential; who may only look is shown none.
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { usePerson } from '../session.ts';

export function FirstCredential({ title, how, make }: { readonly title: string; readonly how: string; readonly make: string }) {
  const may = mayMake('credential', usePerson());
  const way = may ? (
    <A className="btn" href={paths.newCredential()}>
      {make}
    </A>
  ) : undefined;
  return (
    <Empty title={title} actions={way}>
      {how}
    </Empty>
  );
}
