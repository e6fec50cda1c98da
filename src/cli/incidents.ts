// This file is `packetboat incidents`: what is wrong with an IP, an account, a domain or a mailing.
import { apiCommand, LIST_OPTIONS } from './verbs.ts';

export const incidentsCommand = apiCommand({
  name: 'incidents',
  summary: 'Show what is wrong with IPs, accounts, domains and mailings, and look after it.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--state open|closed] [--kind KIND] [--limit N]',
      about: 'List incidents, newest first.',
      words: 0,
      options: { ...LIST_OPTIONS, state: { type: 'string' }, kind: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/incidents', {
          query: { state: option('state'), kind: option('kind'), after: option('after') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'state', show: 'state' },
            { title: 'what', show: 'title' },
            { title: 'since', show: 'opened_at' },
            { title: 'last seen', show: 'last_seen_at' },
            { title: 'recipients', show: 'messages' },
            { title: 'rerouted', show: 'rerouted' },
            { title: 'looked after by', show: 'acknowledged_by' },
          ],
          nothing: 'Nothing is wrong that we know of.',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show one incident with the words of the receivers and the next step.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/incidents/${id}`)),
    },
    acknowledge: {
      form: 'ID',
      about: 'Say that you look after it.',
      words: 1,
      run: async ({ api, positionals: [id], print }) =>
        print(await api.ask('POST', `/v1/incidents/${id}/acknowledge`), `${id} is looked after.`),
    },
    close: {
      form: 'ID [--why WORDS]',
      about: 'End it before it is quiet; routes that were passed over are used again.',
      words: 1,
      options: { why: { type: 'string' } },
      run: async ({ api, positionals: [id], option, print }) =>
        print(await api.ask('POST', `/v1/incidents/${id}/close`, { body: { why: option('why') } }), `${id} is closed.`),
    },
  },
});
