// This file holds the notice that mail goes to the simulator.
import { catalogue } from './words.ts';

export const simulatorWords = catalogue({
  name: ['Where mail goes', 'Wohin die Post geht'],
  text: [
    'Mail goes to the simulator on this machine, not to the world. [Add a provider account](/accounts/new) to reach real mailboxes; from then on mail goes there.',
    'Die Post geht an den Simulator auf diesem Rechner, nicht in die Welt. [Legen Sie ein Anbieterkonto an](/accounts/new), um echte Postfächer zu erreichen; von da an geht die Post dorthin.',
  ],
});
