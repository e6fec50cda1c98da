// This file checks the names that From becomes: always a name that DNS and mail servers take, still telling whose it is, and read back as what it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { parseAddress } from '../mail/address.ts';
import { labelOf, localPartOf, readRewritten, rewritesNowFor, sharesItsName } from './rewriting.ts';

test('An organisation’s name becomes a label', () => {
  const rows: [name: string, label: string][] = [
    ['Rowing Club', 'rowing-club'],
    ['Ruderclub Grün-Weiß e.V.', 'ruderclub-gruen-weiss-e-v'],
    ['Association Élan d’Étoile', 'association-elan-d-etoile'],
    ['Łódź Øst Ægir', 'lodz-oest-aegir'],
    ['体育クラブ', 'club'],
    ['', 'club'],
    ['---', 'club'],
    ['WWW', 'club-www'],
    ['x'.repeat(200), 'x'.repeat(40)],
  ];
  for (const [name, label] of rows) assert.equal(labelOf(name), label, name);
});

test('A person’s address becomes a local part', () => {
  const rows: [address: string, local: string][] = [
    ['maria@gmail.com', 'maria'],
    ['Maria.Berg+club@gmail.com', 'maria.berg-club'],
    ['jörg.müller@gmx.de', 'joerg.mueller'],
    ['"odd name"@gmail.com', 'odd-name'],
    ['"@"@gmail.com', 'office'],
    ['postmaster@gmx.de', 'office-postmaster'],
    ['..a..b..@x', 'a.b'],
  ];
  for (const [address, local] of rows) assert.equal(localPartOf(address), local, address);
});

test('Whatever it is made of, the address is one, and is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 80 }), (name, person) => {
      const [label, local] = [labelOf(name), localPartOf(`${person}@gmail.com`)];
      assert.match(label, /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
      const address = `${local}@${label}.club-mail.example`;
      assert.ok(parseAddress(address).ok, address);
      assert.deepEqual(readRewritten(address.toUpperCase(), 'club-mail.example'), { label, localPart: local });
    }),
  );
});

test('Other addresses are none of them', () => {
  for (const address of [
    'a@club-mail.example',
    'a@b.c.club-mail.example',
    'a@bclub-mail.example',
    '@b.club-mail.example',
    'a@b@b.club-mail.example',
    'a',
    '',
  ])
    assert.equal(readRewritten(address, 'club-mail.example'), null, address);
});

test('A domain shares its good name with its neighbours below the same registrable domain', () => {
  assert.equal(sharesItsName('clubs.example.org', ['desk.example.org']), 'desk.example.org');
  assert.equal(sharesItsName('example.org', ['', 'returns.example.org']), 'returns.example.org');
  assert.equal(sharesItsName('club-mail.example', ['desk.example.org', 'example.com']), null);
  assert.equal(sharesItsName('a.co.uk', ['b.co.uk']), null, 'an ending is nobody’s name');
});

test('Both have to agree', () => {
  const all = { possible: true, allowed: true, agreed: true, asIs: true, address: 'a@b.club-mail.example', organisation: 'Club' };
  assert.equal(rewritesNowFor(all), all.address);
  for (const name of ['possible', 'allowed', 'agreed'] as const) assert.equal(rewritesNowFor({ ...all, [name]: false }), null);
});
