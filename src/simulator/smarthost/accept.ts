// This file takes a whole message at the smarthost: what its recipients' addresses ask of the door, then the hand-over into the simulated
// internet with what later reports need.
import type { Account } from '../accounts.ts';
import { fateOf } from '../fate-choice.ts';
import { decodeWords, firstAddress, headerField, splitMessage } from '../mime.ts';
import type { World } from '../world.ts';
import type { MailCommand, RcptCommand } from './envelope.ts';

export interface SmtpMail {
  readonly account: Account;
  readonly mail: MailCommand;
  readonly rcpts: readonly RcptCommand[];
  readonly mime: Buffer;
}

/** `answer`: say it. `drop`: break the line. `hang`: say nothing. */
export type Taken =
  | { readonly accepted: boolean; readonly line: 'answer'; readonly reply: string }
  | { readonly accepted: boolean; readonly line: 'drop' }
  | { readonly accepted: true; readonly line: 'hang'; readonly seconds: number | null };

/** Headers that reports give back; longer ones are cut. */
const HEAD_MAX = 16 * 1024;

/** Accepts or refuses one message for all its recipients. */
export function takeMail(smtp: SmtpMail, world: World): Taken {
  const { account, mail, rcpts, mime } = smtp;
  const doors = rcpts.map(({ address }) => {
    const { door } = fateOf(address).fate;
    const late =
      door === 'refuse-at-data' || door === 'defer-at-data' || door === 'drop-accepted' || door === 'drop-refused' || door === 'hang';
    return late ? world.door(address, `smtp:${mail.address}:${address}`) : null;
  });
  const has = (door: string) => doors.find((one) => one?.door === door);
  if (has('refuse-at-data'))
    return { accepted: false, line: 'answer', reply: '554 5.6.0 Message refused: its content is not accepted here' };
  if (has('defer-at-data')) return { accepted: false, line: 'answer', reply: '451 4.3.0 Cannot take the message now, try again later' };
  if (has('drop-refused')) return { accepted: false, line: 'drop' };
  if (!world.room(rcpts.length, mime.length))
    return { accepted: false, line: 'answer', reply: '452 4.3.1 Too much is on its way, try again later' };
  const { head } = splitMessage(mime);
  const queueId = world.mint.next().replaceAll('-', '').slice(0, 20).toUpperCase();
  world.accept({
    account,
    from: firstAddress(headerField(head, 'From') ?? ''),
    subject: decodeWords(headerField(head, 'Subject') ?? ''),
    sizeBytes: mime.length,
    transactionId: queueId,
    recipients: rcpts.map((rcpt) => ({
      address: rcpt.address,
      mailFrom: mail.address,
      messageId: queueId,
      facts: {
        envid: mail.envid,
        notify: rcpt.notify,
        orcpt: rcpt.orcpt,
        ...(isReported(rcpt) ? { head: head.slice(0, HEAD_MAX) } : {}),
      },
      render: () => mime,
    })),
  });
  if (has('drop-accepted')) return { accepted: true, line: 'drop' };
  const hang = has('hang');
  if (hang !== undefined && hang !== null) return { accepted: true, line: 'hang', seconds: hang.seconds };
  return { accepted: true, line: 'answer', reply: `250 2.0.0 Ok: queued as ${queueId}` };
}

/** True when mail about this recipient will come back; only then its headers have to be kept. */
function isReported(rcpt: RcptCommand): boolean {
  const { course } = fateOf(rcpt.address).fate;
  return rcpt.notify?.includes('SUCCESS') === true || course.some((act) => act.happening !== 'delivered');
}
