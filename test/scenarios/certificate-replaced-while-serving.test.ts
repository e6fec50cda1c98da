// The certificate of the HTTPS door nears its end, is replaced badly (half a file, a key of another one), ends, and is replaced well, all while an
// application hands mail in over a connection that it keeps. No mail is lost, the door never closes, and the desk says at every step what is so.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { type Certificate, makeCertificate } from '../fakes/certificate.ts';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;
const NAMES = ['desk.packetboat.test', 'localhost', '127.0.0.1'];

/** Ends so many days from now; half a day more, so that the days left are whole. */
function ending(days: number): Certificate {
  return makeCertificate({ names: NAMES, notBeforeMs: Date.now() - 30 * DAY_MS, notAfterMs: Date.now() + (days + 0.5) * DAY_MS });
}

/** The files of the desk, written as ACME clients do: beside, then moved. */
function certificateFiles(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-certificate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  const put = (path: string, text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  return { cert, key, putCert: (text: string) => put(cert, text), putKey: (text: string) => put(key, text), ca: join(folder, 'ca.pem') };
}

/** What the door shows to a client that comes now. */
async function shownAt(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate()?.toString() ?? '';
  socket.destroy();
  return shown.trim();
}

/** An application that keeps its connection. Answers how many messages were accepted over how many connections. */
function application(t: TestContext, desk: DeskProcess, port: number, ca: string) {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const sockets = new Set<unknown>();
  return {
    sockets,
    async hand(subject: string): Promise<string> {
      const { api_key: key, from } = desk.bootstrap.demo_tenant;
      const asked = request({
        host: 'localhost',
        port,
        agent,
        method: 'POST',
        path: '/v1/messages',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      });
      asked.end(JSON.stringify({ from, to: 'member@mailbox.test', subject, text: subject }));
      const [answer] = await once(asked, 'response');
      sockets.add(asked.socket);
      let body = '';
      for await (const chunk of answer) body += String(chunk);
      assert.equal(answer.statusCode, 202, body);
      return JSON.parse(body).id;
    },
  };
}

/** What the checks of ourselves say about certificates. */
async function checked(desk: DeskProcess): Promise<string[]> {
  const { body } = await desk.api('POST', '/v1/self-checks');
  const { data }: { data: { code: string; state: string }[] } = body;
  return data.filter(({ code }) => code.startsWith('certificate')).map(({ code, state }) => `${state} ${code}`);
}

test('a certificate ends and is replaced, badly and well, while mail is taken in', async (t) => {
  const files = certificateFiles(t);
  const [first, second, ended, last] = [ending(2), ending(60), ending(-2), ending(90)];
  files.putCert(first.cert);
  files.putKey(first.key);
  const desk = await startDesk(t, {
    env: { PACKETBOAT_HTTPS_PORT: '0', PACKETBOAT_TLS_CERT: files.cert, PACKETBOAT_TLS_KEY: files.key },
  });
  const port = Number(desk.log.find(({ event }) => event === 'ready')?.['https']);
  const app = application(t, desk, port, first.cert);
  /** A command from elsewhere, of somebody who trusts this certificate. */
  const cli = (trusted: Certificate) => {
    writeFileSync(files.ca, trusted.cert);
    return desk.command('status', '--url', `https://localhost:${port}`, '--key', desk.bootstrap.operator_key, '--ca', files.ca);
  };
  const said = (event: string) => desk.log.filter((line) => line.event === event).length;
  /** The desk looks at its files when somebody connects. */
  const shows = (certificate: Certificate) =>
    until(async () => (await shownAt(port)) === certificate.cert.trim(), { what: 'the replaced certificate to be shown' });
  const refuses = (times: number) =>
    until(
      async () => {
        assert.equal(await shownAt(port), first.cert.trim(), 'a pair that does not work is never shown');
        return said('tls_certificate_unusable') >= times;
      },
      { what: 'the log to say that the pair does not work' },
    );
  // Often enough that nobody closes the connection as idle, however slow the machine is.
  const ids = [await app.hand('before')];
  await cli(first);
  ids.push(await app.hand('with the first'));
  assert.deepEqual(await checked(desk), ['problem certificate-ends'], 'said before it ends');

  files.putCert(second.cert.slice(0, second.cert.length / 2));
  await refuses(1);
  files.putCert(second.cert);
  await refuses(2);
  assert.deepEqual(await checked(desk), ['problem certificate-mismatch']);
  await assert.rejects(desk.command('doctor'), /HTTPS: certificate and key do not belong together/);
  ids.push(await app.hand('while the pair does not fit'));

  files.putKey(second.key);
  await shows(second);
  await cli(second);
  ids.push(await app.hand('with the second'));
  assert.deepEqual(await checked(desk), ['ok certificate-ok']);

  files.putCert(ended.cert);
  files.putKey(ended.key);
  await shows(ended);
  await assert.rejects(cli(ended), /has ended\. \(CERTIFICATE_NOT_TRUSTED\)\n.*renewed/);
  ids.push(await app.hand('after it has ended'));
  assert.deepEqual(await checked(desk), ['problem certificate-ended']);
  // The first page is made anew every few seconds.
  const needs = async () => JSON.stringify((await desk.api('GET', '/v1/overview')).body.needs_person);
  await until(async () => /certificate of desk\.packetboat\.test has ended/.test(await needs()), {
    what: 'the ended certificate to stand under "needs a person"',
  });
  ids.push(await app.hand('on a connection from before'));

  files.putCert(last.cert);
  files.putKey(last.key);
  await shows(last);
  await cli(last);
  ids.push(await app.hand('after'));
  assert.equal(app.sockets.size, 1, 'the application never had to connect again');
  for (const id of ids) await desk.settled(id, ['delivered']);
  await desk.quiet();
});
