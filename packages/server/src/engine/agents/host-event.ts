import type { Agent } from '../../domain/agent.ts';

/** Something that befell a host without anybody's call: it goes on the audit trail. */
export type HostEvent = {
  /** scopes.id */
  readonly scope: number;
  readonly agent: string;
  readonly hostname: string;
} & (
  | {
      readonly name: 'HostChangedItsTags';
      readonly before: Agent['tags'];
      readonly after: Agent['tags'];
      /** What its tags are with those that an operator fixed. */
      readonly inForce: Agent['tags'];
    }
  | { readonly name: 'HostIdentityContested'; readonly by: string }
  | { readonly name: 'HostReenrolled' }
);

export type TellHostEvent = (event: HostEvent) => void;
