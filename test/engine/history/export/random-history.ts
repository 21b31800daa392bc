import { AssessmentRunState, InspectorEvent, Severity } from '@assay/model/api/values.ts';
import { hasEnded } from '../../../../packages/server/src/domain/run-machine.ts';
import { catalogOf } from '../../../../packages/server/src/engine/judging/rules-package-catalog.ts';
import type { Store } from '../../../../packages/server/src/store/store.ts';
import { topicGroupId } from '../../../../packages/server/src/store/tables/event-subscriptions.ts';
import { historicRun, newId, someFinding } from '../../../support/scenario.ts';

export const scopes = [
  { account: '123456789012', region: 'us-east-1' },
  { account: '123456789012', region: 'cn-north-1' },
  { account: '210987654321', region: 'us-east-1' },
] as const;

/** Few values each, so that filters match some and not others, and times tie. */
export const pools = {
  names: ['nightly', 'nightly *', 'Nightly', 'web [1]', 'ночной', '😀 run', 'a%b_c'],
  times: [0, 1, 999, 1000, 1500, 2000, 86_400_000].map((ms) => 1_600_000_000_000 + ms),
  durations: [180, 181, 3600, 86_400],
  agents: ['i-0000000000000001a', 'i-0000000000000002b', 'i-0000000000000003c'],
  groups: ['blue group', 'green'],
  rules: ['CVE-2020-0001', 'Disable root login over SSH'],
  keys: ['team', 'INSTANCE_ID', 'ключ'],
  values: ['blue', '', 'i-1', '😀'],
};

/** Fills an empty store with all that the API can tell of, through the store's own tables: runs that go on, too. */
export async function fillRandomly(store: Store, random: () => number): Promise<void> {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const some = <T>(values: readonly T[]): T[] => values.filter(() => random() < 0.5);
  const times = (most: number): number[] => [...Array(below(most + 1)).keys()];
  const attributes = () =>
    some(pools.keys).map((key) => (random() < 0.2 ? { key } : { key, value: pick(pools.values) || 'x' }));

  for (const name of scopes) {
    const catalog = catalogOf(name.region).map(({ arn }) => arn);
    await store.transaction(async (tables) => {
      const scope = await tables.scopes.idOf(name);
      const groups: string[] = [];
      for (const _ of times(4)) {
        groups.push(newId());
        const tags = [{ key: pick(pools.keys), value: 'x' }, { key: 'bare' }];
        await tables.resourceGroups.insert(scope, { id: groups.at(-1) ?? '', tags, createdAt: pick(pools.times) });
      }
      for (const targetAt of times(4)) {
        const target = newId();
        const [createdAt, updatedAt] = [pick(pools.times), pick(pools.times)];
        const resourceGroup = groups.length > 0 && random() < 0.7 ? pick(groups) : null;
        const targetName = `${pick(pools.names)} ${targetAt}`;
        await tables.targets.insert(scope, { id: target, name: targetName, resourceGroup, createdAt, updatedAt });
        for (const templateAt of times(3)) {
          const template = newId();
          const rulesPackages = await tables.rulesPackageSets.idOf([pick(catalog), ...some(catalog.slice(0, 2))]);
          await tables.templates.insert(scope, {
            id: template,
            target,
            name: `${pick(pools.names)} ${templateAt}`,
            duration: pick(pools.durations),
            rulesPackages,
            userAttributes: attributes(),
            runCount: below(9),
            lastRun:
              random() < 0.5
                ? null
                : `arn:aws:inspector:us-east-1:123456789012:target/${target}/template/${template}/run/${newId()}`,
            tags: attributes(),
            createdAt: pick(pools.times),
          });
          for (const topic of some(['one', 'two'])) {
            const arn = `arn:aws:sns:us-east-1:123456789012:${topic}`;
            const groupAt = pick(pools.times);
            for (const event of some(InspectorEvent.values)) {
              // Later than the first, which may have ended since.
              const events = { event, subscribedAt: groupAt + below(3000) };
              const group = { template, topic: arn, groupAt, groupId: topicGroupId(template, arn) };
              await tables.eventSubscriptions.insert(scope, { ...group, events });
            }
          }
          for (const runAt of times(6)) {
            const state = pick(AssessmentRunState.values);
            const at = pick(pools.times);
            const run = historicRun({
              target,
              template,
              rulesPackages,
              name: `${pick(pools.names)} ${runAt}`,
              state,
              duration: pick(pools.durations),
              userAttributes: attributes(),
              createdAt: at,
              startedAt: random() < 0.2 ? null : pick(pools.times),
              completedAt: hasEnded(state) ? pick(pools.times) : null,
              stateChangedAt: pick(pools.times),
              dataCollected: random() < 0.5,
              findingCounts: random() < 0.5 ? {} : { High: below(9), Undefined: 0 },
              stateChanges: [
                { at, state: 'CREATED' },
                { at: pick(pools.times), state },
              ],
              notifications: some([1, 2]).map((notification) => ({
                date: pick(pools.times),
                event: pick(InspectorEvent.values),
                error: true,
                ...(notification === 1 ? { message: 'not told', snsPublishStatusCode: 'INTERNAL_ERROR' } : {}),
              })),
              imported: random() < 0.3,
            });
            await tables.runs.insertMany(scope, [run]);
            const parents = { target, template, run: run.id };
            await tables.findings.insertMany(
              scope,
              times(5).map(() => {
                const agent = pick(pools.agents);
                const autoScalingGroup = random() < 0.5 ? null : pick(pools.groups);
                const group = autoScalingGroup === null ? {} : { autoScalingGroup };
                return someFinding({
                  ...parents,
                  agent,
                  autoScalingGroup,
                  rulesPackage: pick(catalog),
                  rule: pick(pools.rules),
                  severity: pick(Severity.values),
                  document: {
                    title: pick(pools.names),
                    assetAttributes: { schemaVersion: 1, agentId: agent, ...group },
                    attributes: attributes(),
                    userAttributes: attributes(),
                  },
                  createdAt: pick(pools.times),
                  updatedAt: pick(pools.times),
                });
              }),
            );
            await tables.exclusions.insertMany(
              scope,
              times(4).map((exclusionAt) => ({
                id: newId(),
                ...parents,
                subject: `subject ${exclusionAt}`,
                document: {
                  title: pick(pools.names),
                  description: 'd',
                  recommendation: '',
                  scopes: [{ key: 'INSTANCE_ID' as const, value: pick(pools.agents) }],
                  attributes: [],
                },
                createdAt: pick(pools.times),
              })),
            );
          }
        }
      }
      if (random() < 0.6) {
        const role = { role: `arn:aws:iam::${name.account}:role/inspector`, registeredAt: pick(pools.times) };
        await tables.crossAccountRoles.put(scope, role);
      }
    });
  }
}
