import type { Outgoing } from './delivery.ts';

/** What happened, for people: the event in words, and every member of its message that says something of it. */
export function eventWords({ event, message }: Pick<Outgoing, 'event' | 'message'>): {
  readonly title: string;
  readonly lines: readonly string[];
} {
  const { event: _, ...rest } = JSON.parse(message) as Readonly<Record<string, unknown>>;
  const words = event.toLowerCase().replaceAll('_', ' ');
  return {
    title: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    lines: Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`),
  };
}
