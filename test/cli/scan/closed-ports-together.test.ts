import { expect, test } from 'vitest';
import type { WireFinding } from '../../../packages/server/src/cli/scan/assessment.ts';
import { closedPortsTogether } from '../../../packages/server/src/cli/scan/closed-ports-together.ts';
import { worstFindings } from '../../../packages/server/src/cli/scan/worst-findings.ts';

const finding = (port: number, change: Record<string, string> = {}, severity: 'Medium' | 'Low' = 'Medium') => {
  const attributes = {
    RULE_TYPE: 'RecognizedPortNoListener',
    REACHABILITY_TYPE: 'Internet',
    PROTOCOL: 'TCP',
    ...change,
  };
  return {
    id: `Recognized port reachable from internet - TCP ${port}`,
    title: `On instance i-1, TCP port ${port} is reachable from the internet`,
    description: `TCP port ${port}. It is reachable.`,
    recommendation: `Close ${port}.`,
    severity,
    attributes: Object.entries({ ...attributes, PORT: `${port}` }).map(([key, value]) => ({ key, value })),
  } as unknown as WireFinding;
};

test('ports of one route that no process listens on share a line, in the order of their numbers', () => {
  const lines = closedPortsTogether([finding(111), finding(21), finding(3389)]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    count: 3,
    severity: 'Medium',
    id: 'Recognized ports reachable from the internet, with no listener',
    description: '3 ports are reachable from the internet with no process listening: TCP 21, TCP 111, TCP 3389.',
    recommendation: expect.stringMatching(/for example for TCP 21: Close 21\.$/),
  });
});

test('a listener, another severity, another route and another host keep lines of their own', () => {
  const lines = closedPortsTogether([
    finding(22),
    finding(23, { RULE_TYPE: 'RecognizedPortWithListener' }),
    finding(24, {}, 'Low'),
    finding(25, { REACHABILITY_TYPE: 'VGW' }),
  ]);
  expect(lines.map(({ count, description }) => `${count} ${description}`)).toEqual([
    '1 TCP port 22. It is reachable.',
    '1 TCP port 23. It is reachable.',
    '1 TCP port 24. It is reachable.',
    '1 TCP port 25. It is reachable.',
  ]);
});

test('findings that are not shown are counted, not their lines', () => {
  const others = Array.from({ length: 15 }, (_, at) => finding(at, { RULE_TYPE: 'Other' }));
  const closed = Array.from({ length: 40 }, (_, at) => finding(at, {}, 'Low'));
  expect(worstFindings(closedPortsTogether([...others, ...closed]), { all: false }).left).toBe('40 Low');
});
