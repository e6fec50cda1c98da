// This file tests which settings of a SparkPost account are taken, and that a wrong one is named.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../errors.ts';
import { sparkpostAdapter } from './adapter.ts';

describe('a SparkPost account', () => {
  const parse = (settings: Record<string, unknown>, secret: Record<string, string> = { api_key: 'k' }) =>
    sparkpostAdapter.parseAccount({ settings, secret });

  it('fills in defaults by region', () => {
    assert.equal(parse({}).settings['base_url'], 'https://api.sparkpost.com/api/v1');
    assert.equal(parse({ region: 'eu' }).settings['base_url'], 'https://api.eu.sparkpost.com/api/v1');
    assert.equal(parse({ base_url: 'http://127.0.0.1:9/' }).settings['base_url'], 'http://127.0.0.1:9/api/v1');
    assert.equal(parse({ base_url: 'https://host.example/own/api/' }).settings['base_url'], 'https://host.example/own/api');
    assert.equal(parse({ base_url: 'http://[::1]:9/x' }).settings['base_url'], 'http://[::1]:9/x');
  });

  const wrong: [string, () => unknown, string][] = [
    ['an unknown setting', () => parse({ colour: 'blue' }), 'settings.colour'],
    ['http to the world', () => parse({ base_url: 'http://api.example/' }), 'settings.base_url'],
    ['a password in the address', () => parse({ base_url: 'https://a:b@api.example/' }), 'settings.base_url'],
    ['a query in the address', () => parse({ base_url: 'https://api.example/?a=1' }), 'settings.base_url'],
    ['something that is no address', () => parse({ base_url: 'sparkpost' }), 'settings.base_url'],
    ['a foreign region', () => parse({ region: 'mars' }), 'settings.region'],
    ['too many connections', () => parse({ connections: 11 }), 'settings.connections'],
    ['a subaccount name', () => parse({ subaccount: 'seven' }), 'settings.subaccount'],
    ['a missing key', () => parse({}, {}), 'secret.api_key'],
    ['a key with a line break', () => parse({}, { api_key: 'a\r\nb' }), 'secret.api_key'],
    ['an unknown secret', () => parse({}, { api_key: 'a', pin: '1' }), 'secret.pin'],
  ];
  for (const [title, act, field] of wrong)
    it(`names the field of ${title}`, () => {
      assert.throws(act, (thrown) => thrown instanceof AppError && thrown.code === 'PROVIDER_SETTINGS_INVALID' && thrown.field === field);
    });
});
