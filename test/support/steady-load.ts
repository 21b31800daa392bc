/**
 * Calls that change something, one after another, through whatever happens to the servers; and what they were told. Over
 * 200 lines: a walk through every kind of call, in order.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  AddAttributesToFindingsCommand,
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  CreateExclusionsPreviewCommand,
  CreateResourceGroupCommand,
  DeleteAssessmentRunCommand,
  DeleteAssessmentTemplateCommand,
  DescribeAssessmentRunsCommand,
  DescribeAssessmentTargetsCommand,
  DescribeAssessmentTemplatesCommand,
  DescribeResourceGroupsCommand,
  type InspectorClient,
  ListAssessmentRunsCommand,
  ListEventSubscriptionsCommand,
  ListFindingsCommand,
  ListTagsForResourceCommand,
  SetTagsForResourceCommand,
  StartAssessmentRunCommand,
  StopAssessmentRunCommand,
  SubscribeToEventCommand,
  UnsubscribeFromEventCommand,
  UpdateAssessmentTargetCommand,
} from '@aws-sdk/client-inspector';
import { expect } from 'vitest';

/** What was acknowledged, so that it can be held against the store afterwards. */
interface Ledger {
  readonly groups: Map<string, string>;
  readonly targets: Map<string, string>;
  readonly templates: Map<string, { name: string; tag?: string; subscribed: boolean }>;
  readonly deletedTemplates: Set<string>;
  readonly runs: Map<string, { stopped: boolean }>;
  readonly deletedRuns: Set<string>;
}

export interface SteadyLoad {
  /** Calls that were acknowledged, and attempts that met a server or a database that was away. */
  readonly counts: { acknowledged: number; unavailable: number; noAnswer: number; doneBefore: number };
  /** The longest attempt, in milliseconds. */
  readonly longest: () => number;
  /** Answers that nobody should get. */
  readonly complaints: readonly string[];
  /** Ends after the call at work; holds everything that was acknowledged against what a server says now. */
  readonly end: () => Promise<void>;
  readonly check: (client: InspectorClient) => Promise<void>;
}

export interface SteadyLoadOptions {
  /** Names what it makes. */
  readonly name: string;
  /** The next client to ask; it may be of a server that is gone. */
  readonly client: () => InspectorClient;
  /** ARN. */
  readonly rulesPackage: string;
  /** ARNs of findings that are there, to put attributes on. */
  readonly finding?: string;
}

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:a-topic';
const AWAY = 'ServiceTemporarilyUnavailableException';

/** Begins at once. */
export function startSteadyLoad({ name, client, rulesPackage, finding }: SteadyLoadOptions): SteadyLoad {
  const stop = new AbortController();
  const counts = { acknowledged: 0, unavailable: 0, noAnswer: 0, doneBefore: 0 };
  const complaints: string[] = [];
  const ledger: Ledger = {
    groups: new Map(),
    targets: new Map(),
    templates: new Map(),
    deletedTemplates: new Set(),
    runs: new Map(),
    deletedRuns: new Set(),
  };
  let longest = 0;

  /**
   * Asks until there is an answer. An attempt that was not answered may have been done: then `doneBefore` tells the error
   * that says so. Undefined then, and after a complaint.
   */
  const ask = async <T>(
    what: string,
    attempt: (client: InspectorClient) => Promise<T>,
    doneBefore: (error: Error) => boolean = () => false,
  ): Promise<T | undefined> => {
    for (let unanswered = 0; ; unanswered++) {
      const begin = performance.now();
      try {
        const answer = await attempt(client());
        counts.acknowledged++;
        return answer;
      } catch (thrown) {
        const error = thrown as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
        if (error.name === AWAY) counts.unavailable++;
        else if (error.$metadata?.httpStatusCode === undefined && error.code !== 'ETIMEDOUT') counts.noAnswer++;
        else if (unanswered > 0 && doneBefore(error)) {
          counts.doneBefore++;
          return undefined;
        } else {
          complaints.push(`${what}: ${error.name}: ${error.message}`);
          return undefined;
        }
        await delay(20);
      } finally {
        longest = Math.max(longest, performance.now() - begin);
      }
    }
  };
  const taken = (error: Error): boolean => error.message.includes('already');
  const missing = (error: Error): boolean => error.name === 'NoSuchEntityException';

  const round = async (number: number): Promise<void> => {
    const own = `${name} ${number}`;
    const group = await ask('CreateResourceGroup', (to) =>
      to.send(new CreateResourceGroupCommand({ resourceGroupTags: [{ key: own, value: 'nobody' }] })),
    );
    const resourceGroupArn = group?.resourceGroupArn;
    if (resourceGroupArn === undefined) return;
    ledger.groups.set(resourceGroupArn, own);
    const target = [...ledger.targets.keys()][0] ?? (await createTarget(resourceGroupArn));
    if (target === undefined) return;
    const renamed = `${own} target`;
    const update = new UpdateAssessmentTargetCommand({
      assessmentTargetArn: target,
      assessmentTargetName: renamed,
      resourceGroupArn,
    });
    if (await ask('UpdateAssessmentTarget', (to) => to.send(update))) ledger.targets.set(target, renamed);
    const created = await ask(
      'CreateAssessmentTemplate',
      (to) =>
        to.send(
          new CreateAssessmentTemplateCommand({
            assessmentTargetArn: target,
            assessmentTemplateName: own,
            durationInSeconds: 180,
            rulesPackageArns: [rulesPackage],
          }),
        ),
      taken,
    );
    const resourceArn = created?.assessmentTemplateArn;
    if (resourceArn === undefined) return;
    const template: { name: string; tag?: string; subscribed: boolean } = { name: own, subscribed: false };
    ledger.templates.set(resourceArn, template);
    const tags = [{ key: 'round', value: own }];
    if (await ask('SetTagsForResource', (to) => to.send(new SetTagsForResourceCommand({ resourceArn, tags })))) {
      template.tag = own;
    }
    const subscription = { resourceArn, event: 'FINDING_REPORTED', topicArn: TOPIC } as const;
    if (await ask('SubscribeToEvent', (to) => to.send(new SubscribeToEventCommand(subscription)))) {
      template.subscribed = true;
      if (number % 3 === 0) {
        await ask('UnsubscribeFromEvent', (to) => to.send(new UnsubscribeFromEventCommand(subscription)), missing);
        template.subscribed = false;
      }
    }
    await ask(
      'CreateExclusionsPreview',
      (to) => to.send(new CreateExclusionsPreviewCommand({ assessmentTemplateArn: resourceArn })),
      (error) => error.name === 'PreviewGenerationInProgressException',
    );
    await startRuns(resourceArn, own, number);
    await ask('ListAssessmentRuns', (to) => to.send(new ListAssessmentRunsCommand({ maxResults: 10 })));
    await ask('ListFindings', (to) => to.send(new ListFindingsCommand({ maxResults: 10 })));
    if (finding !== undefined) {
      const attributes = [{ key: name, value: own }];
      const command = new AddAttributesToFindingsCommand({ findingArns: [finding], attributes });
      await ask('AddAttributesToFindings', (to) => to.send(command));
    }
    if (number % 4 === 0) {
      const command = new DeleteAssessmentTemplateCommand({ assessmentTemplateArn: resourceArn });
      const done = await ask('DeleteAssessmentTemplate', (to) => to.send(command), missing);
      ledger.templates.delete(resourceArn);
      for (const run of [...ledger.runs.keys()].filter((arn) => arn.startsWith(`${resourceArn}/`))) {
        ledger.runs.delete(run);
      }
      if (done) ledger.deletedTemplates.add(resourceArn);
    }
  };

  const createTarget = async (resourceGroupArn: string): Promise<string | undefined> => {
    const command = new CreateAssessmentTargetCommand({ assessmentTargetName: `${name} target`, resourceGroupArn });
    const made = await ask('CreateAssessmentTarget', (to) => to.send(command), taken);
    if (made?.assessmentTargetArn !== undefined) ledger.targets.set(made.assessmentTargetArn, `${name} target`);
    return made?.assessmentTargetArn;
  };

  const startRuns = async (assessmentTemplateArn: string, own: string, number: number): Promise<void> => {
    const started = await ask(
      'StartAssessmentRun',
      (to) => to.send(new StartAssessmentRunCommand({ assessmentTemplateArn, assessmentRunName: own })),
      taken,
    );
    const assessmentRunArn = started?.assessmentRunArn;
    if (assessmentRunArn === undefined) return;
    const run = { stopped: false };
    ledger.runs.set(assessmentRunArn, run);
    const stopping = new StopAssessmentRunCommand({ assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
    if (await ask('StopAssessmentRun', (to) => to.send(stopping))) run.stopped = true;
    await untilEnded(assessmentRunArn);
    if (number % 2 !== 0) return;
    ledger.runs.delete(assessmentRunArn);
    const command = new DeleteAssessmentRunCommand({ assessmentRunArn });
    if (await ask('DeleteAssessmentRun', (to) => to.send(command), missing)) ledger.deletedRuns.add(assessmentRunArn);
  };

  const untilEnded = async (arn: string): Promise<void> => {
    for (let looks = 0; looks < 500; looks++) {
      const command = new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] });
      const answer = await ask('DescribeAssessmentRuns', (to) => to.send(command));
      if (answer?.assessmentRuns?.[0]?.completedAt !== undefined) return;
      await delay(20);
    }
    complaints.push(`${arn} does not end`);
  };

  const working = (async () => {
    for (let number = 1; !stop.signal.aborted; number++) await round(number);
  })();
  return {
    counts,
    longest: () => longest,
    complaints,
    end: () => {
      stop.abort();
      return working;
    },
    check: (to) => check(to, ledger),
  };
}

async function check(client: InspectorClient, ledger: Ledger): Promise<void> {
  for (const arns of portions([...ledger.groups.keys()])) {
    const { resourceGroups } = await client.send(new DescribeResourceGroupsCommand({ resourceGroupArns: arns }));
    expect(resourceGroups?.map(({ tags }) => tags?.[0]?.key)).toEqual(arns.map((arn) => ledger.groups.get(arn)));
  }
  for (const arns of portions([...ledger.targets.keys()])) {
    const command = new DescribeAssessmentTargetsCommand({ assessmentTargetArns: arns });
    const { assessmentTargets } = await client.send(command);
    expect(assessmentTargets?.map(({ name }) => name)).toEqual(arns.map((arn) => ledger.targets.get(arn)));
  }
  for (const arns of portions([...ledger.templates.keys()])) {
    const command = new DescribeAssessmentTemplatesCommand({ assessmentTemplateArns: arns });
    const { assessmentTemplates } = await client.send(command);
    expect(assessmentTemplates?.map(({ name }) => name)).toEqual(arns.map((arn) => ledger.templates.get(arn)?.name));
  }
  for (const [resourceArn, { tag, subscribed }] of ledger.templates) {
    const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    if (tag !== undefined) expect(tags).toEqual([{ key: 'round', value: tag }]);
    const { subscriptions = [] } = await client.send(new ListEventSubscriptionsCommand({ resourceArn }));
    expect(subscriptions.map(({ topicArn }) => topicArn)).toEqual(subscribed ? [TOPIC] : []);
  }
  for (const arns of portions([...ledger.runs.keys()])) {
    const { assessmentRuns } = await client.send(new DescribeAssessmentRunsCommand({ assessmentRunArns: arns }));
    expect(assessmentRuns?.map(({ arn }) => arn)).toEqual(arns);
  }
  const gone = [...ledger.deletedRuns];
  for (const arns of portions(gone)) {
    const { failedItems } = await client.send(new DescribeAssessmentRunsCommand({ assessmentRunArns: arns }));
    expect(Object.keys(failedItems ?? {}).sort()).toEqual([...arns].sort());
  }
  for (const arns of portions([...ledger.deletedTemplates])) {
    const command = new DescribeAssessmentTemplatesCommand({ assessmentTemplateArns: arns });
    expect(Object.keys((await client.send(command)).failedItems ?? {}).sort()).toEqual([...arns].sort());
  }
}

const portions = (arns: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(arns.length / 100) }, (_, at) => arns.slice(at * 100, at * 100 + 100));
