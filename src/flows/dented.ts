// This file decides for recipients of a mailbox provider that refuses some route: another one first, and now and then one recipient that tries.
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { Dents } from './dents.ts';
import type { Question, ReceiverQuestion } from './route-asked.ts';

export interface Dented {
  decide(question: ReceiverQuestion, homeRouteId: number | null): RouteDecision;
  probe(question: ReceiverQuestion): RouteDecision | null;
}

/** `compute` decides with the dents that count; `probes` is a route whose dent does not count this time. */
export function makeDented(
  dents: Dents,
  table: {
    readonly compute: (question: Question, homeRouteId: number | null, probes?: number | null) => RouteDecision;
    readonly order: (tenantId: string, stream: Stream) => readonly number[];
  },
): Dented {
  return {
    decide(question, homeRouteId) {
      const { mailboxProvider } = question;
      const decision = table.compute(question, homeRouteId);
      // A lane keeps to its route also while that is refused, when a probe is due: one recipient passes.
      if (homeRouteId === null || decision.routeId === homeRouteId) return decision;
      if (!dents.passes(homeRouteId, mailboxProvider) && !dents.probeIsDue(homeRouteId, mailboxProvider)) return decision;
      const anyway = table.compute(question, homeRouteId, homeRouteId);
      if (anyway.routeId !== homeRouteId) return decision;
      dents.probe(homeRouteId, mailboxProvider, 'leaves');
      return anyway;
    },
    probe(question) {
      const { mailboxProvider } = question;
      const routeId = table.order(question.tenantId, question.stream).find((id) => dents.probeIsDue(id, mailboxProvider));
      if (routeId === undefined) return null;
      const decision = table.compute(question, null, routeId);
      if (decision.routeId !== routeId) return null;
      dents.probe(routeId, mailboxProvider, 'waits');
      return decision;
    },
  };
}
