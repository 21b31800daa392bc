import { expect, test, vi } from 'vitest';
import { createLineWriter } from '../../packages/server/src/runtime/line-writer.ts';

/** A file that takes at most so many bytes at once, or throws a code; what it took is its text. */
function fileOf() {
  let text = '';
  const file = {
    takes: Number.POSITIVE_INFINITY as number | string,
    text: () => text,
    write: (_: number, bytes: Uint8Array): number => {
      if (typeof file.takes === 'string') throw Object.assign(new Error(file.takes), { code: file.takes });
      const taken = bytes.subarray(0, file.takes);
      text += Buffer.from(taken).toString();
      return taken.length;
    },
  };
  return file;
}

test.each(['ENOSPC', 'EIO', 'EPIPE', 'EBADF', 'EFBIG', 'EDQUOT'])(
  'a log that fails with %s ends nothing, and says later what is missing',
  (code) => {
    const file = fileOf();
    const writeLine = createLineWriter(2, file);
    writeLine('one');
    file.takes = code;
    for (const line of ['two', 'three']) expect(() => writeLine(line)).not.toThrow();
    file.takes = 1000;
    writeLine('four');
    writeLine('five');
    expect(file.text()).toBe(`one\n2 lines before this one could not be written: ${code}\nfour\nfive\n`);
  },
);

test('a line that was torn ends before the next begins', () => {
  const file = fileOf();
  let calls = 0;
  const writeLine = createLineWriter(2, {
    write: (fd, bytes) => {
      if (++calls === 2) throw Object.assign(new Error(), { code: 'ENOSPC' });
      return file.write(fd, calls === 1 ? bytes.subarray(0, 3) : bytes);
    },
  });
  writeLine('abcdef');
  writeLine('next');
  expect(file.text()).toBe('abc\n1 lines before this one could not be written: ENOSPC\nnext\n');
});

test('a full pipe is waited for, but not for ever, and not for each line', () => {
  const file = fileOf();
  file.takes = 'EAGAIN';
  const wait = vi.fn();
  const writeLine = createLineWriter(2, { ...file, wait });
  writeLine('one');
  const waited = wait.mock.calls.length;
  expect(waited).toBeGreaterThan(1);
  writeLine('two');
  expect(wait.mock.calls.length).toBe(waited);
  wait.mockImplementationOnce(() => {
    file.takes = 4;
  });
  const other = createLineWriter(2, { ...file, wait });
  other('slow reader');
  expect(file.text()).toBe('slow reader\n');
});

test('what it is told cannot steer a terminal', () => {
  const file = fileOf();
  createLineWriter(2, file)('Run \u001b]0;x\u0007\u202e failed\n    at stack');
  expect(file.text()).toBe('Run \\u001B]0;x\\u0007\\u202E failed\n    at stack\n');
});
