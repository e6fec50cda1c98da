// This file is one mail transaction: one recipient of one hand-over, the commands that open it (RFC 5321 §3.3) with the options the server
// offers, and why a message cannot go over a given connection at all.
import type { AccountSignal, HandOver, HandOverRecipient, Outcome } from '../../delivery/provider.ts';
import { isAscii, originalRecipient, pathFault, xtext } from './address.ts';
import type { Extensions } from './extensions.ts';
import type { Judgement } from './outcome.ts';

/**
 * What the next reply answers. The order is the order on the wire; `body` is the time in which a large body is being written and no
 * reply is due.
 */
export type Step = 'queued' | 'rset' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

export interface Transaction {
  readonly handOver: HandOver;
  readonly recipient: HandOverRecipient;
  /** Told exactly once. */
  readonly settle: (outcome: Outcome, account: AccountSignal | undefined) => void;
  /** Dots doubled. */
  readonly body: Buffer;
  step: Step;
  /** Its outcome is told; later replies only keep step. */
  settled: boolean;
  /** A write that ends with the final dot was given to the socket: from here on a loss leaves it open who has the message. */
  dotWritten: boolean;
  /** It had one more chance on a fresh connection already. */
  retried: boolean;
}

/** Settles once; later calls are nothing. */
export function settle(transaction: Transaction, judgement: Judgement): void {
  if (transaction.settled) return;
  transaction.settled = true;
  transaction.settle(judgement.outcome, judgement.account);
}

/** Why this can never go out, whatever the server: line breaks and other command breakers in the paths. Null when it can. */
export function wireFault(recipient: HandOverRecipient): Judgement | null {
  const address = pathFault(recipient.address);
  if (address !== null) return refused(`The recipient address ${address}; nothing was handed over.`, 'invalid-recipient');
  const returnPath = recipient.returnPath === '' ? null : pathFault(recipient.returnPath);
  return returnPath === null ? null : refused(`The return path ${returnPath}; nothing was handed over.`, 'sender-rejected');
}

/** Why this server cannot take it, by what it offers; null when it can. Known before the wire, so nothing is written. */
export function unfit(transaction: Transaction, offers: Extensions): Judgement | null {
  const { handOver } = transaction;
  if (offers.size !== null && offers.size > 0 && handOver.mime.length > offers.size) {
    return refused(`The message has ${handOver.mime.length} bytes; this host takes ${offers.size}.`, 'message-too-large');
  }
  if (needsUtf8(transaction) && !offers.smtpUtf8) {
    return refused('This host does not offer SMTPUTF8, which an address or header of the message needs.', 'protocol');
  }
  if (handOver.eightBit && !offers.eightBitMime) {
    return refused(
      'This host does not offer 8BITMIME, and the message holds bytes above 127: encode its parts as quoted-printable or base64.',
      'content',
    );
  }
  return null;
}

/** MAIL, RCPT and DATA with what the server offers, each with its line end. */
export function openingCommands(transaction: Transaction, offers: Extensions): { mail: string; rcpt: string; utf8: boolean } {
  const { handOver, recipient } = transaction;
  const utf8 = needsUtf8(transaction);
  let mail = `MAIL FROM:<${recipient.returnPath}>`;
  if (offers.size !== null) mail += ` SIZE=${handOver.mime.length}`;
  if (handOver.eightBit) mail += ' BODY=8BITMIME';
  if (utf8) mail += ' SMTPUTF8';
  let rcpt = `RCPT TO:<${recipient.address}>`;
  if (offers.dsn) {
    mail += ` RET=HDRS ENVID=${xtext(handOver.messageId)}`;
    rcpt += ` NOTIFY=FAILURE,DELAY ORCPT=${originalRecipient(recipient.address)}`;
  }
  return { mail: `${mail}\r\n`, rcpt: `${rcpt}\r\n`, utf8 };
}

/** RFC 6531 §3.4: the flag goes with the MAIL command when a path or the header needs it. */
function needsUtf8({ handOver, recipient }: Transaction): boolean {
  return handOver.smtpUtf8 || !isAscii(recipient.address) || !isAscii(recipient.returnPath);
}

function refused(reply: string, reason: 'invalid-recipient' | 'sender-rejected' | 'message-too-large' | 'protocol' | 'content'): Judgement {
  return { outcome: { kind: 'refused', reply, class: reason, suppress: false } };
}
