import type { OperationName } from '@assay/model/api/operations.ts';
import { expect, test } from 'vitest';
import { errorOf, rawRequest } from './raw-request.ts';
import { idsOf, newId, withId } from './scenario.ts';
import type { TestServer } from './test-server.ts';

/** The kinds of resources whose ARN an operation takes, and the words of their codes. */
const words = {
  resourcegroup: 'RESOURCE_GROUP',
  target: 'ASSESSMENT_TARGET',
  template: 'ASSESSMENT_TEMPLATE',
  run: 'ASSESSMENT_RUN',
} as const;

export interface ReferenceTests {
  readonly operation: OperationName;
  readonly kind: keyof typeof words;
  readonly server: () => TestServer;
  /** The ARN of one that is there. */
  readonly own: () => string;
  /** An input whose only fault is the ARN. */
  readonly input: (arn: string) => Readonly<Record<string, unknown>>;
  /** The code of a malformed ARN, where it is not the kind's own. */
  readonly invalid?: string;
}

/** What an operation says to an ARN that it cannot use: its form before whose it is, and that before whether it is there. */
export function testReferences({ operation, kind, server, own, input, invalid }: ReferenceTests): void {
  const word = words[kind];
  const malformed = invalid ?? `INVALID_${word}_ARN`;
  const missing = `NoSuchEntityException ${word}_DOES_NOT_EXIST`;
  const answer = async (arn: string) => errorOf(await rawRequest(server(), operation, input(arn)));

  test(`an ARN that is malformed or of another kind is ${malformed}`, async () => {
    const arn = own();
    const others = [
      'arn:aws:inspector:us-east-1:123456789012:resourcegroup/0-aaaaaaaa',
      'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa',
      'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-aaaaaaaa',
      'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-aaaaaaaa/run/0-aaaaaaaa',
      'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-aaaaaaaa/run/0-aaaaaaaa/finding/0-aaaaaaaa',
      'arn:aws:inspector:us-east-1:123456789012:rulespackage/0-aaaaaaaa',
      'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0',
    ].filter((other) => other.replaceAll(/0-\w{8}/g, '') !== arn.replaceAll(/0-\w{8}/g, ''));
    expect(others).toHaveLength(6);
    for (const text of [...others, 'a', arn.slice(0, -1), `${arn}a`, `${arn}\n`, ` ${arn}`, arn.toUpperCase()]) {
      expect(`${text}: ${await answer(text)}`).toBe(`${text}: InvalidInputException ${malformed}`);
    }
  });

  test(`an ARN of another account is ACCESS_DENIED_TO_${word}, there or not`, async () => {
    const expected = `AccessDeniedException ACCESS_DENIED_TO_${word}`;
    expect(await answer(own().replace('123456789012', '210987654321'))).toBe(expected);
    expect(await answer(own().replace('us-east-1:123456789012', 'eu-west-1:210987654321'))).toBe(expected);
  });

  test(`an ARN of another region, of another partition, or of nothing is ${word}_DOES_NOT_EXIST`, async () => {
    const arn = own();
    const last = idsOf(arn).length - 1;
    expect(await answer(arn.replace('us-east-1', 'eu-west-1'))).toBe(missing);
    expect(await answer(arn.replace('arn:aws:', 'arn:aws-cn:'))).toBe(missing);
    expect(await answer(withId(arn, last, newId()))).toBe(missing);
  });

  if (kind === 'template' || kind === 'run')
    test('the right id under another parent is not there', async () => {
      const arn = own();
      for (let parent = 0; parent < idsOf(arn).length - 1; parent++) {
        expect(await answer(withId(arn, parent, newId()))).toBe(missing);
      }
    });

  test('another account and another region of the same account do not see it', async () => {
    const key = await server().addKey(`AKID${operation.toUpperCase()}`, '210987654321');
    const foreign = errorOf(await rawRequest(server(), operation, input(own()), { key }));
    // Of an input with several ARNs the first that is not theirs is named.
    expect(foreign).toMatch(/^AccessDeniedException ACCESS_DENIED_TO_/);
    const elsewhere = errorOf(await rawRequest(server(), operation, input(own()), { region: 'eu-west-1' }));
    expect(elsewhere).toMatch(/^NoSuchEntityException [A-Z_]+_DOES_NOT_EXIST$/);
  });
}
