// This file decides when a client has made too many errors or too many commands that move no mail, and is told goodbye.
import type { SmtpLimits } from './limits.ts';

/** Counts for one connection. An accepted message shows good will and clears them. */
export class Patience {
  #errors = 0;
  #idleCommands = 0;
  #refusedRecipients = 0;
  #beforeAuth = 0;
  readonly #limits: SmtpLimits;

  constructor(limits: SmtpLimits) {
    this.#limits = limits;
  }

  /** One more command of a client that has to log in; false when it was one too many. */
  waitForAuth(): boolean {
    this.#beforeAuth += 1;
    return this.#beforeAuth <= this.#limits.commandsBeforeAuth;
  }

  /** Takes note of a reply to `verb` (`.` for a message); false when the limit is passed. */
  note(verb: string, reply: string): boolean {
    const refused = reply.startsWith('5') || reply.startsWith('4');
    if (verb === 'RCPT') {
      if (!refused) return true;
      this.#refusedRecipients += 1;
      return this.#refusedRecipients <= this.#limits.refusedRecipients;
    }
    if (verb === '.' && !refused) {
      this.#errors = 0;
      this.#idleCommands = 0;
      this.#refusedRecipients = 0;
      return true;
    }
    const mail = verb === 'MAIL' || verb === 'DATA' || verb === '.';
    if ((mail || verb === 'BDAT') && !refused) return true;
    if (refused && !mail) this.#errors += 1;
    else this.#idleCommands += 1;
    return this.#errors <= this.#limits.errors && this.#idleCommands <= this.#limits.idleCommands;
  }
}
