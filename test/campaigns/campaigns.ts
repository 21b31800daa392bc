import type { Campaign } from './campaign.ts';

const bothStores = ['sqlite', 'postgres'] as const;

/** Every campaign, the most telling first: those that a limit of time leaves out are the last. */
export const campaigns: Readonly<Record<string, Campaign>> = {
  kills: {
    about: 'The server is killed again and again: every run ends as it would have, and nothing is lost',
    options: { kills: { about: 'kills on each store', value: 32 } },
    seconds: 100,
    files: ['test/runs/kill.test.ts'],
    stores: bothStores,
  },
  reports: {
    about: 'The server is killed while it makes reports: each is made in the end, and whole',
    options: { kills: { about: 'kills on each store', value: 8 } },
    seconds: 60,
    files: ['test/runs/report-kill.test.ts'],
    stores: bothStores,
  },
  delivery: {
    about: 'The server is killed while it delivers events: nothing is lost, nothing has two MessageIds, order is kept',
    options: { kills: { about: 'kills on each store', value: 100 } },
    seconds: 200,
    files: ['test/runs/delivery-kill.test.ts'],
    stores: bothStores,
  },
  schedules: {
    about: 'A server, one of three on PostgreSQL, is killed when runs are due: each run starts once',
    options: { kills: { about: 'kills on each store', value: 20 } },
    seconds: 300,
    files: ['test/runs/schedule-kill.test.ts'],
    stores: bothStores,
  },
  statements: {
    about: 'Collection and evaluation end before each of their statements, and go on as if they had not',
    options: { stride: { about: 'try each so many-th statement', value: 1 } },
    seconds: 60,
    files: ['test/runs/every-statement.test.ts'],
    stores: bothStores,
  },
  console: {
    about:
      'Every page of the console on four screens, in light and dark: nothing overflows, and axe finds nothing wrong',
    options: {
      'console-pages': { about: 'pages', value: 100 },
      'console-schemes': { about: 'colour schemes, 1 or 2', value: 2 },
    },
    seconds: 120,
    files: ['test/e2e/console.test.ts'],
    stores: ['sqlite'],
  },
  stops: {
    about: 'A server is stopped by every kind of signal and sender: each ends in order',
    options: { stops: { about: 'stops', value: 100 } },
    seconds: 60,
    files: ['test/runs/stops.test.ts'],
    stores: ['sqlite'],
  },
  backups: {
    about: 'A busy server is backed up: every backup is restored with all that was acknowledged before it began',
    options: { backups: { about: 'backups on each store', value: 3 } },
    seconds: 60,
    files: ['test/campaigns/backup.campaign.ts'],
    stores: bothStores,
  },
  histories: {
    about: 'Randomly filled stores are exported and imported, and give the same answers',
    options: { stores: { about: 'stores of each kind', value: 6 } },
    seconds: 40,
    files: ['test/engine/history/export/export-history.test.ts'],
    stores: bothStores,
  },
  'host-cases': {
    about: 'Real Debian roots are scanned, and every verdict is what sshd, passwd and chage prove',
    options: {},
    // And some minutes more the first time, to make the roots.
    seconds: 200,
    files: ['test/campaigns/host-cases.campaign.ts'],
    stores: ['sqlite'],
  },
  cis: {
    about: "Real Debian roots are evaluated by real CIS content, and every verdict is plain oscap's; needs root",
    options: {},
    // And some minutes more the first time, to make the roots.
    seconds: 300,
    files: ['test/campaigns/cis.campaign.ts'],
    stores: ['sqlite'],
  },
  network: {
    about:
      'Random rulesets of nftables and iptables: the kernel lets through what is open, and nothing that is closed; needs root',
    options: { rulesets: { about: 'rulesets', value: 300 } },
    seconds: 120,
    files: ['test/rules/network-reachability/kernel.test.ts'],
    stores: ['sqlite'],
  },
  image: {
    about: 'The container image: it serves with nothing but its own files, and buildah runs it; needs root',
    options: {},
    seconds: 60,
    files: ['test/campaigns/image.campaign.ts'],
    stores: ['sqlite'],
  },
  install: {
    about:
      "The install line and the .rpm in a new Debian and in a system of rpm's, up to findings, and uninstall; needs root and debootstrap",
    options: {},
    seconds: 300,
    files: ['test/campaigns/install-line.campaign.ts'],
    stores: ['sqlite'],
  },
  properties: {
    about: 'Every property is tried with many more values',
    options: { times: { about: 'times as many values as in npm test', value: 10 } },
    seconds: 300,
    files: ['test/domain', 'test/model', 'test/rules', 'test/feeds', 'test/store', 'test/operations', 'test/wire'],
    stores: ['sqlite'],
  },
  matrix: {
    about: 'Every test that opens a store runs on both kinds of store',
    options: {},
    seconds: 500,
    files: [],
    stores: bothStores,
  },
};
