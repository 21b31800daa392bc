/** What somebody fills in, as the API takes it, and everything of an assessment created from it. */
import { describe, expect, test } from 'vitest';
import { createAssayCall, createCall } from '../../packages/console/src/api.ts';
import { previewExclusions } from '../../packages/console/src/data/exclusions-preview.ts';
import { readTargetDraft } from '../../packages/console/src/data/target-draft.ts';
import { readTemplateDraft } from '../../packages/console/src/data/template-draft.ts';
import { readWhenDraft, usualWhen } from '../../packages/console/src/data/when-draft.ts';
import { createAll, type SetupMade } from '../../packages/console/src/pages/setup/create-all.ts';
import { newName } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer({ jobs: true });

test('a target of tags that are typed; a key without a value stands for any', () => {
  const draft = { name: ' web ', every: false, tags: 'env=prod,\nrole' };
  expect(readTargetDraft(draft)).toEqual({
    name: 'web',
    tags: [
      { key: 'env', value: 'prod' },
      { key: 'role', value: '' },
    ],
    problem: '',
  });
  expect(readTargetDraft({ ...draft, every: true })).toMatchObject({ tags: undefined, problem: '' });
  expect(readTargetDraft({ ...draft, tags: '' }).problem).not.toBe('');
  expect(readTargetDraft({ ...draft, tags: '=prod' }).problem).toContain('no key');
  expect(readTargetDraft({ ...draft, name: ' ' }).problem).not.toBe('');
});

test('a template needs a name, a rules package and keys that differ', () => {
  const draft = { name: 'nightly', packages: ['arn'], seconds: 3600, attributes: 'team=a' };
  expect(readTemplateDraft(draft)).toEqual({
    name: 'nightly',
    attributes: [{ key: 'team', value: 'a' }],
    problem: '',
  });
  expect(readTemplateDraft({ ...draft, packages: [] }).problem).toContain('rules package');
  expect(readTemplateDraft({ ...draft, attributes: 'team=a, team=b' }).problem).toContain('twice');
  expect(readTemplateDraft({ ...draft, name: '' }).problem).toContain('name');
});

describe('when runs start', () => {
  const usual = { ...usualWhen(), timeZone: 'Europe/Berlin' };
  const window = { windowInSeconds: 3600 };
  const inBerlin = { timeZone: 'Europe/Berlin', ...window };

  test.each([
    [usual, { cron: '0 3 * * *', ...inBerlin }],
    [
      { ...usual, time: '23:45' },
      { cron: '45 23 * * *', ...inBerlin },
    ],
    [
      { ...usual, kind: 'weekly', weekday: '6', time: '7:05' },
      { cron: '5 7 * * 6', ...inBerlin },
    ],
    [
      { ...usual, kind: 'days', days: '14' },
      { everyDays: 14, ...window },
    ],
    [
      { ...usual, kind: 'cron', cron: ' 0 3 1 * * ', timeZone: '' },
      { cron: '0 3 1 * *', timeZone: 'UTC', ...window },
    ],
  ] as const)('%j', (draft, when) => {
    expect(readWhenDraft(draft)).toEqual({ when, problem: '' });
  });

  test.each([
    { ...usual, time: '24:00' },
    { ...usual, time: '' },
    { ...usual, timeZone: 'Mars/Base' },
    { ...usual, kind: 'days', days: '0' },
    { ...usual, kind: 'days', days: '1.5' },
    { ...usual, kind: 'cron', cron: '0 3 * *' },
  ] as const)('what cannot be is told: %j', (draft) => {
    expect(readWhenDraft(draft).problem).not.toBe('');
  });
});

test('everything is created once, also by a second go after a failure, and the preview says what a run leaves out', async () => {
  const key = { ...testKey, region: 'us-east-1' };
  const call = createCall(server().endpoint, key);
  const assay = createAssayCall(server().endpoint, key);
  const { rulesPackageArns } = await call('ListRulesPackages', {});
  const target = readTargetDraft({ name: newName(), every: false, tags: 'role=nobody' });
  const template = { name: newName(), packages: rulesPackageArns, seconds: 900, attributes: 'team=a' };
  const plan = {
    target,
    template: { ...readTemplateDraft(template), packages: template.packages, seconds: template.seconds },
    schedule: { everyDays: 400 },
    startNow: true,
  };
  const made: SetupMade = {};
  await expect(createAll(call, assay, plan, made)).rejects.toThrow();
  expect(made).toMatchObject({ target: expect.any(String), template: expect.any(String) });
  const first = { ...made };

  await createAll(call, assay, { ...plan, schedule: { everyDays: 7 } }, made);
  expect(made).toMatchObject({ ...first, scheduled: true, run: expect.stringContaining(`${first.template}/run/`) });
  const { assessmentTargetArns } = await call('ListAssessmentTargets', {
    filter: { assessmentTargetNamePattern: target.name },
  });
  expect(assessmentTargetArns).toEqual([first.target]);

  const { items, complete } = await previewExclusions(call, first.template ?? '', {
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    tries: 1000,
  });
  expect(complete).toBe(true);
  const told = items.map(({ description }) => description).join('\n');
  expect(told).toContain(target.name);
  expect(told).toContain('Common Vulnerabilities and Exposures was not evaluated for any host');
});
