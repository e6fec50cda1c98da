import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Overview } from '../api/model.ts';
import { wayOf } from './needs.ts';

const account = (id: string, name: string): Overview['accounts'][number] => ({
  ...{ id, name, provider: 'smtp', state: 'active', simulated: false, health: 'quota', health_reason: null, health_until: null },
});

it('leads to the account that is named, also where the name of another begins alike', () => {
  const accounts = [account('1', 'Relay'), account('2', 'Relay North')];
  const need = { kind: 'account', text: '', href: '/accounts', since: null };
  assert.equal(wayOf({ ...need, title: 'Relay North does not take our mail.' }, { accounts }), '/accounts/2');
  assert.equal(wayOf({ ...need, title: 'Relay does not take our mail.' }, { accounts }), '/accounts/1');
});
