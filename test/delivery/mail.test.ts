import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mail } from '../../packages/server/src/delivery/mail.ts';
import { type MailReceiver, startMailReceiver } from '../support/mail-receiver.ts';

let receiver: MailReceiver;
beforeAll(async () => {
  receiver = await startMailReceiver();
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers.clear();
});

const never = new AbortController().signal;
const address = (url = 'mailto:security@example.com') => ({
  ...{ url, allowPrivate: false, signatureVersion: 1 as const, secrets: {}, token: 't' },
});
const run = 'arn:aws:inspector:us-east-1:123456789012:target/0-A/template/0-B/run/0-C';
const outgoing = {
  messageId: '11111111-1111-8111-8111-111111111111',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:t',
  event: 'ASSESSMENT_RUN_STATE_CHANGED',
  message: JSON.stringify({ event: 'ASSESSMENT_RUN_STATE_CHANGED', newstate: 'COMPLETED', run }),
  happenedAt: Date.UTC(2026, 0, 2),
};
const sender = (from = 'assay@example.com', url = receiver.url) =>
  mail({ timeout: () => AbortSignal.timeout(5000) }, { url, from });

test('a mail says what happened, belongs to its run, and has the Message-ID of its event', async () => {
  expect(await sender()(address(), outgoing, never)).toEqual({ delivered: true });
  const [{ to, text } = { to: '', text: '' }] = receiver.received;
  expect(to).toBe('security@example.com');
  expect(text).toContain('Subject: Assay: Assessment run state changed (COMPLETED)');
  expect(text).toContain('Message-ID: <11111111-1111-8111-8111-111111111111@assay>');
  expect(text).toContain('References: <run-0-C@assay>');
  expect(text).toContain('newstate: COMPLETED');
});

test('nothing in an event becomes a header or another recipient', async () => {
  const newstate = 'X\r\nBcc: other@example.com\r\n\r\n.\r\nMAIL FROM:<a@b>';
  const message = JSON.stringify({ event: 'OTHER', newstate, run });
  expect(await sender()(address(), { ...outgoing, event: 'OTHER\r\nCc: a@b', message }, never)).toEqual({
    delivered: true,
  });
  expect(receiver.received).toHaveLength(1);
  const [headers = ''] = (receiver.received[0]?.text ?? '').split('\r\n\r\n', 1);
  expect(headers).not.toMatch(/^(Bcc|Cc):/im);
  expect(receiver.received[0]?.to).toBe('security@example.com');
});

test.each([
  ['RCPT', '550 no such mailbox', 'TOPIC_DOES_NOT_EXIST'],
  ['RCPT', '451 try later', 'INTERNAL_ERROR'],
  ['DATA', '554 refused', 'INTERNAL_ERROR'],
])('%s that is answered "%s"', async (command, answer, status) => {
  receiver.answers.set(command, answer);
  expect(await sender()(address(), outgoing, never)).toMatchObject({ delivered: false, status });
});

test('without a mail server, or with one that is not there, the outcome says so', async () => {
  const without = mail({ timeout: () => never }, undefined);
  expect(await without(address(), outgoing, never)).toMatchObject({
    error: expect.stringContaining('--smtp-url'),
  });
  expect(await sender('a@b', 'smtp://127.0.0.1:1')(address(), outgoing, never)).toMatchObject({
    status: 'INTERNAL_ERROR',
    error: expect.stringContaining('could not be reached'),
  });
});

test('a mail server elsewhere gets no mail without TLS', async () => {
  receiver.answers.set('STARTTLS', '502 there is none');
  // The same receiver, by an address that is not known to be this machine.
  const elsewhere = receiver.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
  expect(await sender('a@b', elsewhere)(address(), outgoing, never)).toMatchObject({
    delivered: false,
    error: expect.stringMatching(/STARTTLS|TLS/),
  });
  expect(receiver.received).toEqual([]);
});

test('a mail server that hangs is given up when its time is over', async () => {
  receiver.answers.set('EHLO', '250-goes on');
  const hangs = mail({ timeout: () => AbortSignal.timeout(200) }, { url: receiver.url, from: 'a@b' });
  expect(await hangs(address(), outgoing, never)).toMatchObject({ error: expect.stringContaining('did not answer') });
});
