// This file is what the doors ask about sending domains: how they are shown.
import type { SendingDomain } from '../store/domains.ts';
import { type DomainView, domainView, type PlatformFor } from './domain-view.ts';

export interface DomainDesk {
  view(domain: SendingDomain): DomainView;
}

export function makeDomainDesk(deps: { readonly platform: PlatformFor }): DomainDesk {
  return { view: (domain) => domainView(domain, deps.platform(domain)) };
}
