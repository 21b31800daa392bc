/** What a reason is about: names of files, packages, kinds of evidence. Which ones, its code says. */
export type ReasonParams = Readonly<Record<string, string>>;

interface ReasonWords {
  /** Why the rule was not assessed, as the end of a sentence. */
  readonly text: (params: ReasonParams) => string;
  /** What to do about it: whole sentences. */
  readonly advice: (params: ReasonParams) => string;
  /**
   * Whether it should have worked: then the run ends COMPLETED_WITH_ERRORS. What a package does not cover by design is no
   * error, and a run that lacks only that is COMPLETED.
   */
  readonly error: boolean;
}

const START = 'then start a new run.';

/** Every reason for which a rule is not assessed. */
const reasons = {
  /** `what` exists, and the agent may not read it. */
  NOT_PERMITTED: {
    text: ({ what }) => `${what} cannot be read by the agent's user`,
    advice: () => `Run the agent as root so that it can read what is named above, ${START}`,
    error: true,
  },
  /** `what` was read and is not in a form that Assay knows; `why` in parentheses. */
  NOT_UNDERSTOOD: {
    text: ({ what, why }) => `${what} is not understood${why ? ` (${why})` : ''}`,
    advice: () => `Check what is named above on the host; if it is valid, report it to Assay as a fault, ${START}`,
    error: true,
  },
  /** The agent did not deliver the kind of evidence `kind`; `why` in parentheses. */
  NO_EVIDENCE: {
    text: ({ kind, why }) => `the host delivered no evidence of ${kind}${why ? ` (${why})` : ''}`,
    advice: () => `Check the agent's output on the host, update the agent if it is older than this server, ${START}`,
    error: true,
  },
  /** The host's agent does not collect what the rule needs: `why`. */
  NOT_COLLECTED: {
    text: ({ why }) => `${why}`,
    advice: () => `Install a newer agent on the host, ${START}`,
    error: true,
  },
  /** The kind of knowledge `kind` lacks what this host needs; `why` says what. */
  NO_KNOWLEDGE: {
    text: ({ why }) => `${why}`,
    advice: ({ obtain }) =>
      `${obtain ? `Get what is missing: ${obtain}. Then` : 'Add what is missing, then'} start a new run.`,
    error: true,
  },
  /** Software that is not the distribution's: `what`, of `origin`. */
  THIRD_PARTY: {
    text: ({ what, why }) => `${what}: ${why}`,
    advice: () => "Follow the publisher's own security announcements: Assay has no advisories for this software.",
    error: false,
  },
  /** The release is past its end of life: `why`. */
  UNSUPPORTED_RELEASE: {
    text: ({ why }) => `${why}`,
    advice: () => 'Move the host to a release that its distribution still supports.',
    error: true,
  },
  /** The operating system is one that the package has no rules for: `why`. */
  UNSUPPORTED_SYSTEM: {
    text: ({ why }) => `${why}`,
    advice: () =>
      'Assess this host with a rules package that supports its operating system; see docs/compatibility.md.',
    error: false,
  },
  /** The operating system is not known; `why` in parentheses. */
  UNKNOWN_SYSTEM: {
    text: ({ why }) => `the operating system is unknown${why ? ` (${why})` : ''}`,
    advice: () => `Make sure that the agent can read /etc/os-release, ${START}`,
    error: true,
  },
  /** What the package does not look at by design: `why`, and what to do instead, `instead`. */
  NOT_COVERED: {
    text: ({ why }) => `${why}`,
    advice: ({ instead }) => `${instead}`,
    error: false,
  },
  /** All was read, and what is known does not settle it: `why`. */
  NOT_SETTLED: {
    text: ({ why }) => `${why}`,
    advice: () => "Look up what is named above in the distribution's own security pages, and compare by hand.",
    error: false,
  },
  /** The advisories seem to have forgotten what is asked: `why` says who knows of it. */
  SOURCE_GAP: {
    text: ({ why }) => `${why}`,
    advice: () =>
      "Compare the installed version with the other distribution's fix by hand, and tell the publisher of the feed; assay feeds gaps lists all of them.",
    error: false,
  },
  /** This version of Assay lists the package and cannot evaluate it. */
  NOT_AVAILABLE: {
    text: () => 'this version of Assay cannot evaluate this rules package',
    advice: () => 'Upgrade Assay when a version with this rules package is out.',
    error: false,
  },
  /** The host's agent was away, or did not deliver in time. */
  HOST_SILENT: {
    text: () => 'the host did not deliver its evidence before collection ended',
    advice: () => `Check that the agent runs and can reach this server, ${START}`,
    error: true,
  },
  HOST_CONTESTED: {
    text: () => 'two machines used the identity of this host',
    advice: () => `On the copy, remove the state of the agent and enrol it with a new token, ${START}`,
    error: true,
  },
  HOST_REMOVED: {
    text: () => 'the host was removed while the run was in progress',
    advice: () => 'To assess it again, enrol it with a new token.',
    error: false,
  },
  HOST_FORGOTTEN: {
    text: () => 'the host was silent for so long that it left its assessment targets',
    advice: () => 'If the host is in use, start its agent.',
    error: false,
  },
  /** The run is in `state`. */
  RUN_GOING_ON: {
    text: ({ state }) => `the run has not ended (${state})`,
    advice: () => 'Wait for the run to end.',
    error: true,
  },
  RUN_STOPPED: {
    text: () => 'the run was stopped before this host was evaluated',
    advice: () => 'Start a new run.',
    error: true,
  },
  RUN_FAILED: {
    text: () => 'the run failed before this host was evaluated',
    advice: () => "Look for the cause in the server's log, then start a new run.",
    error: true,
  },
  /** History of the original, which has findings and no verdicts. */
  IMPORTED: {
    text: () => 'not known: imported',
    advice: () => 'Start a new run over the hosts.',
    error: false,
  },
  /** Verdicts are deleted after some time; findings stay. */
  EXPIRED: {
    text: () => 'not known: the verdicts of this run are no longer kept',
    advice: () => 'Start a new run, or keep verdicts longer: assay serve --evidence-days.',
    error: false,
  },
  /** Anything else: `why`, and where it is known, what to do: `instead`. */
  OTHER: {
    text: ({ why }) => `${why}`,
    advice: ({ instead }) => instead ?? `Repair what is named above, ${START}`,
    error: true,
  },
  /** The package broke or gave no verdict: `why`. */
  PACKAGE_FAILED: {
    text: ({ why }) => `${why}`,
    advice: () => 'Report this to Assay as a fault of the rules package. The other rules packages are not affected.',
    error: true,
  },
} as const satisfies Readonly<Record<string, ReasonWords>>;

export type ReasonCode = keyof typeof reasons;

/** Why a rule was not assessed: a code for programs, a text and what to do for people. */
export interface NotAssessed {
  readonly code: ReasonCode;
  readonly params: ReasonParams;
}

const wordsOf = (code: string): ReasonWords =>
  Object.hasOwn(reasons, code) ? reasons[code as ReasonCode] : reasons.OTHER;

export const reasonText = ({ code, params }: NotAssessed): string => wordsOf(code).text(params);
export const adviceOn = ({ code, params }: NotAssessed): string => wordsOf(code).advice(params);
/** Whether it should have worked. */
export const isError = (code: ReasonCode): boolean => wordsOf(code).error;

/** A verdict's reason, for a rule that was not assessed. */
export const notAssessedBecause = (
  ruleId: string,
  code: ReasonCode,
  params: ReasonParams,
): { ruleId: string; outcome: 'NOT_ASSESSED'; reason: string; because: NotAssessed; observations: [] } => ({
  ruleId,
  outcome: 'NOT_ASSESSED',
  reason: reasonText({ code, params }),
  because: { code, params },
  observations: [],
});
