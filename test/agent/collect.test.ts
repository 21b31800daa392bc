import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@assay/agent/open-host.ts';
import { check } from '@assay/model/check.ts';
import { type EvidenceKind, evidenceKinds, isEvidenceKind } from '@assay/model/evidence/kinds.ts';
import { parse } from '@assay/model/parse.ts';
import { describe, expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from './fixture-host.ts';

/** What oscap says is had with a server's content alone: test/agent/collect/scap-results.test.ts. */
const kinds = Object.keys(evidenceKinds)
  .filter(isEvidenceKind)
  .filter((kind) => kind !== 'scapResults');

describe.each(kinds)('%s', (kind: EvidenceKind) => {
  test('of this host is a valid document', async () => {
    const document = await collectChecked(kind, await openHost());
    expect(document.kind).toBe(kind);
    expect(document.data).toBeDefined();
    // A host without an SSH server has nothing of it to read.
    const nothing = document.kind === 'sshd' && document.data?.installed === false;
    if (!nothing) expect(document.sources.length).toBeGreaterThan(0);
  });

  test('of an empty root is a valid document that says why there is nothing', async () => {
    const document = await collectChecked(kind, fixtureHost({}));
    if (kind === 'fileModes') expect(document.data).toMatchObject({ directories: [{ path: '/' }] });
    else if (kind === 'sshd') expect(document.data).toMatchObject({ installed: false });
    else expect(document.data).toBeUndefined();
    expect(document.limitations).not.toEqual([]);
  });

  test('of a host that breaks its word is a valid document', async () => {
    const host = fixtureHost({ 'usr/sbin/sshd': '', 'etc/passwd': '', 'var/lib/rpm/Packages': '' });
    const run = () => Promise.reject(new Error('thrown'));
    const document = await collectChecked(kind, { ...host, run });
    if (['packages', 'sshd', 'fileModes'].includes(kind)) {
      expect(document.data).toBeUndefined();
      expect(codes(document)).toContain(`UNREADABLE collector ${kind}`);
    }
  });
});

/** Collects every kind under a root and prints the documents, as another user where this one is root. */
const asOther = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const runUnprivileged = (root: string) =>
  spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { collect } = await import(${JSON.stringify(import.meta.resolve('@assay/agent/collect.ts'))});
       const { openHost } = await import(${JSON.stringify(import.meta.resolve('@assay/agent/open-host.ts'))});
       const host = await openHost(${JSON.stringify(root)});
       const documents = [];
       for (const kind of ${JSON.stringify(kinds)}) documents.push(await collect(kind, host));
       console.log(JSON.stringify(documents));`,
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 26, ...asOther },
  );
const unreachable =
  spawnSync(process.execPath, ['--version'], asOther).status !== 0 ||
  spawnSync('cat', [import.meta.filename], asOther).status !== 0;
if (unreachable) console.warn('SKIPPED: collecting without root, for another user may not read this repository');
const hidden = spawnSync('ls', [tmpdir()], asOther).status !== 0;

describe.skipIf(unreachable)('without root (skipped where another user may not read this repository)', () => {
  const documentsOf = (root: string) => {
    const { stdout, stderr } = runUnprivileged(root);
    expect(stderr).toBe('');
    const documents: unknown = JSON.parse(stdout);
    return Object.fromEntries(
      kinds.map((kind, index) => {
        const document = parse(evidenceKinds[kind], Array.isArray(documents) ? documents[index] : undefined);
        expect(check(evidenceKinds[kind], document)).toEqual([]);
        return [kind, document];
      }),
    );
  };

  test('documents of this host are valid, and say that shadow was not read', () => {
    const { accounts } = documentsOf('/');
    expect(accounts && codes(accounts)).toContain('PERMISSION_DENIED /etc/shadow');
  });

  test.skipIf(hidden)('files that may not be read are said, each once (skipped in a private temporary folder)', () => {
    const host = fixtureHost({
      'etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      'etc/shadow': 'root:$6$salt$hash:1::::::\n',
      'etc/group': '',
      'etc/login.defs': '',
      'etc/pam.d/passwd': '',
      'etc/ssh/sshd_config': 'Include sshd_config.d/*.conf\n',
      'etc/ssh/sshd_config.d/a.conf': '',
      'usr/sbin/sshd': '',
      'var/lib/dpkg/status': '',
      'proc/net/tcp': `head\n 0: 00000000:0016 0:0 0A 0:0 0:0 0 0 0 12\n 0: 00000000:0017 0:0 0A 0:0 0:0 0 0 0 13\n`,
      'proc/net/udp': 'head\n',
      'proc/1/fd/3': { link: 'socket:[12]' },
      'proc/2/fd/3': { link: 'socket:[13]' },
    });
    const locked = [
      'etc/shadow',
      'etc/pam.d/passwd',
      'etc/ssh/sshd_config.d',
      'var/lib/dpkg/status',
      'proc/1/fd',
      'proc/2/fd',
    ];
    for (const path of locked) chmodSync(join(host.root, path), 0);
    const documents = documentsOf(host.root);
    const denied = Object.values(documents).flatMap((document) =>
      codes(document).filter((code) => code.startsWith('PERMISSION_DENIED')),
    );
    for (const path of locked) chmodSync(join(host.root, path), 0o755);
    expect(denied).toEqual([
      'PERMISSION_DENIED /var/lib/dpkg/status',
      'PERMISSION_DENIED /etc/ssh/sshd_config.d',
      'PERMISSION_DENIED /etc/pam.d/passwd',
      'PERMISSION_DENIED /etc/shadow',
      'PERMISSION_DENIED /proc/*/fd',
    ]);
    expect(JSON.stringify(documents)).not.toContain('salt');
  });
});

test('a document longer than the protocol takes is left out and said', async () => {
  // Short lines whose characters take six bytes each as JSON.
  const name = '\x01'.repeat(250);
  const record = (index: number) => `P:${index}\nV:${name}\nA:${name}\no:${name}\nm:${name}\n`;
  const installed = Array.from({ length: 6000 }, (_, index) => record(index)).join('\n');
  const document = await collectChecked('packages', fixtureHost({ 'lib/apk/db/installed': installed }));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['TOO_LARGE collector packages']);
});
