/**
 * What an agent and a server say to each other: JSON over HTTP(S), every connection opened by the agent.
 *
 *   POST /agent/v1/enroll                         a one-time token and the agent's public key → its id
 *   POST /agent/v1/heartbeat                      health → instructions; may be held open for `waitSeconds`
 *   PUT  /agent/v1/runs/{runId}/evidence/{kind}   one gzip-compressed evidence document
 *   POST /agent/v1/runs/{runId}/delivered         the agent has sent what it can; it may name what it could not send
 *   POST /agent/v1/runs/{runId}/content           the host's system → the SCAP content and profile that the run is judged by
 *   POST /agent/v1/runs/{runId}/progress          how far the agent is in what takes long; nobody has to say it
 *   GET  /agent/v1/content/{sha256}               that data stream, compressed with gzip
 *
 * Agents and servers of different versions work together. An agent says which kinds of evidence it collects and is asked
 * for no others; members of a message that one side does not know are ignored.
 *
 * All but enroll are signed: `Authorization: Assay-Agent <agentId>:<base64 Ed25519 signature>` over
 * {@link signedText}, with `X-Assay-Date` in seconds since the epoch, within 5 minutes of the server's clock.
 * One process speaks for a host at a time. A copy of it on another machine is refused with 409 `IdentityInUse` while the
 * first is there, and must enrol anew; a host that was removed is refused with 403 `Removed` for good.
 *
 * A refusal is `{code, message}`. Who asks for more than a share of the server gets 429 TooManyRequests, and asks again later. Statuses of 500 and more may pass, 503 with the code ServiceTemporarilyUnavailable when
 * the server's database is away: the agent asks again, and doing any of these twice is no fault.
 */
import type { EvidenceKind } from './evidence/kinds.ts';
import { largestEvidence } from './evidence/sizes.ts';
import { boolean, enumeration, integer, list, long, type Static, string, structure } from './shape.ts';

export const agentProtocol = {
  /** Bytes of the largest evidence message: on the wire, and after decompression. Each kind has its own: evidenceSizes. */
  maxCompressedBytes: largestEvidence.packed,
  maxDocumentBytes: largestEvidence.document,
  /** Levels of nesting in a document; the deepest that we define is 8. */
  maxDepth: 16,
  maxClockSkewSeconds: 300,
  /** How long a heartbeat may be held: less than the least that proxies wait for an answer, 50 seconds. */
  maxWaitSeconds: 45,
  /** Between the visits of an agent that does not stay. */
  maxVisitEverySeconds: 86_400,
} as const;

/** The text that an agent signs: method, path, date and the hex SHA-256 of the body as sent, one a line. */
export const signedText = (method: string, path: string, date: string, bodySha256: string): string =>
  `assay-agent-v1\n${method}\n${path}\n${date}\n${bodySha256}`;

/** What agents collect that do not say what they collect: those built before agents did. This list never changes. */
export const kindsOfFirstAgents: readonly EvidenceKind[] = [
  'osRelease',
  'packages',
  'kernel',
  'sshd',
  'passwordPolicy',
  'accounts',
  'fileModes',
  'listeners',
  'interfaces',
];

/** A kind of evidence by its name; the other side may know kinds that this one does not. */
const KindName = string({ min: 1, max: 64, pattern: /^[A-Za-z][A-Za-z0-9]*$/ });

/** As an agent's process names itself. */
export const processIdPattern = /^[0-9a-f]{32}$/;

const Tag = structure({ key: string({ min: 1, max: 128 }), value: string({ min: 1, max: 256 }) }, 'key', 'value');

/** How the host describes itself; sent on enrolling and with every heartbeat. */
export const HostDescription = structure(
  {
    hostname: string({ max: 256 }),
    operatingSystem: string({ min: 1, max: 256 }),
    kernelVersion: string({ min: 1, max: 128 }),
    agentVersion: string({ min: 1, max: 128 }),
    ipv4Address: string({ min: 7, max: 15 }),
    /** False where the agent runs without root and so sees less. */
    privileged: boolean,
    tags: list(Tag, { max: 50 }),
    /** The kinds of evidence that this agent can collect. Absent: {@link kindsOfFirstAgents}. */
    collects: list(KindName, { max: 100 }),
    /** Names the machine without telling its machine id: see agent/src/describe-machine.ts. Absent where it has none. */
    machineId: string({ pattern: /^[0-9a-f]{32}$/ }),
    /** The kernel's random id of this boot. Absent where it cannot be read. */
    bootId: string({ pattern: /^[0-9a-f]{32}$/ }),
    /** Random, of one process of the agent: also in the header `X-Assay-Process` of every signed request. */
    processId: string({ pattern: processIdPattern }),
    /** The agent does not stay: it comes this often at least, delivers, and ends. Absent: it is always there. */
    visitEverySeconds: integer({ min: 60, max: agentProtocol.maxVisitEverySeconds }),
  },
  'hostname',
  'operatingSystem',
  'agentVersion',
  'privileged',
  'tags',
);
export type HostDescription = Static<typeof HostDescription>;

export const EnrollRequest = structure(
  {
    token: string({ min: 1, max: 256 }),
    /** Ed25519, SPKI DER in base64. */
    publicKey: string({ min: 1, max: 256 }),
    host: HostDescription,
  },
  'token',
  'publicKey',
  'host',
);
export const EnrollResponse = structure({ agentId: string({ min: 1, max: 128 }) }, 'agentId');

export const HeartbeatRequest = structure(
  {
    status: enumeration('IDLE', 'RUNNING', 'SHUTDOWN'),
    /** How long the server may hold the request open while it has no instruction. */
    waitSeconds: integer({ min: 0, max: agentProtocol.maxWaitSeconds }),
    host: HostDescription,
  },
  'status',
  'waitSeconds',
  'host',
);
export type HeartbeatRequest = Static<typeof HeartbeatRequest>;

/** Names collectors and nothing else: an agent executes no other instruction. */
export const Instruction = structure(
  {
    runId: string({ min: 1, max: 32 }),
    collect: list(KindName, { max: 100 }),
    /** Seconds since the epoch. */
    deadline: long({ min: 0 }),
  },
  'runId',
  'collect',
  'deadline',
);
export type Instruction = Static<typeof Instruction>;

export const HeartbeatResponse = structure(
  {
    instructions: list(Instruction, { max: 20 }),
    /** When the server wants to hear from the agent again, in seconds. */
    nextHeartbeatSeconds: integer({ min: 0, max: 3600 }),
  },
  'instructions',
  'nextHeartbeatSeconds',
);
export type HeartbeatResponse = Static<typeof HeartbeatResponse>;

/** The body of `content`: of /etc/os-release. */
export const ContentRequest = structure(
  { id: string({ min: 1, max: 256 }), versionId: string({ min: 1, max: 256 }) },
  'id',
);
export type ContentRequest = Static<typeof ContentRequest>;

/** Without `content` the server has none for the system, or none that has what the run asks for: `reason`. */
export const ContentResponse = structure({
  reason: string({ max: 1000 }),
  content: structure(
    {
      name: string({ min: 1, max: 256 }),
      sha256: string({ pattern: /^[0-9a-f]{64}$/ }),
      /** Bytes of the data stream, unpacked. */
      size: long({ min: 1 }),
      profile: string({ min: 1, max: 256 }),
      /** How many rules the profile selects. */
      rules: integer({ min: 0, max: 20_000 }),
      /** Rules of the profile that walk through the file system: each is evaluated by itself, under a limit of its own. */
      slowRules: list(string({ min: 1, max: 256 }), { max: 100 }),
      /** Whether the run wants to know what was looked at for rules that fail. */
      details: boolean,
    },
    'name',
    'sha256',
    'size',
    'profile',
    'rules',
    'slowRules',
  ),
});
export type ContentResponse = Static<typeof ContentResponse>;

/** Bytes of the largest data stream that an agent is given, unpacked. */
export const maxContentBytes = 150 * 1024 * 1024;

/** The body of `progress`: so many of the parts of a document are there. */
export const CollectionProgress = structure(
  { kind: KindName, done: integer({ min: 0, max: 1_000_000 }), total: integer({ min: 0, max: 1_000_000 }) },
  'kind',
  'done',
  'total',
);
export type CollectionProgress = Static<typeof CollectionProgress>;

/** The body of `delivered`. Agents that sent everything, and the first agents, send no member. */
export const DeliveredRequest = structure({
  /** Kinds that were asked for and could not be sent, each with the reason in words. */
  undelivered: list(structure({ kind: KindName, reason: string({ min: 1, max: 500 }) }, 'kind', 'reason'), {
    max: 100,
  }),
});
export type DeliveredRequest = Static<typeof DeliveredRequest>;
