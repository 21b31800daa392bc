/** The AWS CLI as it is, told where to go by its environment alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { runProgram, works } from '../support/run-program.ts';
import { addSeedExample, clientEnvironment, seedRuns, seedTemplate, seedTime } from '../support/seed-example.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const absent = !works('aws', ['--version']);
if (absent) console.warn('aws is not there: the AWS CLI is not tried');

const server = useServer();
let all: string[] = [];
beforeAll(async () => {
  all = await addSeedExample(server());
});

const aws = (args: readonly string[], key: { accessKeyId: string; secretAccessKey: string } = testKey) =>
  runProgram('aws', ['inspector', ...args, '--output', 'json'], { env: clientEnvironment(server(), key) });
async function output(...args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await aws(args);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(absent)(`aws inspector${absent ? ' (skipped: aws is not there)' : ''}`, () => {
  test("list-assessment-runs of the reference's template, page by page on its own", async () => {
    const listed = await output('list-assessment-runs', '--assessment-template-arns', seedTemplate, '--page-size', '7');
    expect(listed).toEqual({ assessmentRunArns: all });
  });

  test('one page, and the next by its token', async () => {
    const args = ['list-assessment-runs', '--no-paginate', '--max-results', '20'];
    const first = (await output(...args)) as { assessmentRunArns: string[]; nextToken: string };
    expect(first.assessmentRunArns).toEqual(all.slice(0, 20));
    expect(await output(...args, '--next-token', first.nextToken)).toEqual({ assessmentRunArns: all.slice(20) });
  });

  test('two filters', async () => {
    const filter = `namePattern=Run*,states=COMPLETED,FAILED`;
    expect(await output('list-assessment-runs', '--filter', filter)).toEqual({ assessmentRunArns: seedRuns });
    const time = new Date(seedTime).toISOString();
    const since = JSON.stringify({ namePattern: '*Example*', startTimeRange: { beginDate: time } });
    expect(await output('list-assessment-runs', '--filter', since)).toEqual({
      assessmentRunArns: seedRuns.slice(0, 1),
    });
  });

  test('a name that is not in ASCII', async () => {
    expect(await output('list-assessment-runs', '--filter', 'namePattern=ночной 1*')).toEqual({
      assessmentRunArns: all.slice(10, 20),
    });
  });

  test('describe-assessment-runs writes its times as times', async () => {
    const described = (await output('describe-assessment-runs', '--assessment-run-arns', ...seedRuns)) as {
      assessmentRuns: { arn: string; createdAt: number | string }[];
    };
    expect(described.assessmentRuns.map(({ arn }) => arn)).toEqual(seedRuns);
    const [first] = described.assessmentRuns;
    const created =
      typeof first?.createdAt === 'number' ? first.createdAt * 1000 : Date.parse(String(first?.createdAt));
    expect(Math.round(created)).toBe(seedTime);
  });

  test.each([
    [
      'an error of the model',
      ['list-assessment-runs', '--next-token', '1', '--no-paginate'],
      testKey,
      'InvalidInputException',
    ],
    ['a wrong secret', ['list-assessment-runs'], { ...testKey, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    [
      'an unknown key',
      ['list-assessment-runs'],
      { ...testKey, accessKeyId: 'AKIDNOBODY' },
      'UnrecognizedClientException',
    ],
  ])('%s', async (_name, args, key, code) => {
    const { status, stderr } = await aws(args, key);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`(${code})`);
  });
});
