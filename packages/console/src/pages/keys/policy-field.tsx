import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { ReactNode } from 'react';

const builtIn = [
  { value: 'administrator', label: 'administrator', description: 'Everything' },
  {
    value: 'agent-operator',
    label: 'agent-operator',
    description: 'Assesses with what is set up, and works on what was found',
  },
  { value: 'auditor', label: 'auditor', description: 'Reads everything, also who may do what, and makes reports' },
  { value: 'read-only', label: 'read-only', description: 'Reads everything but who may do what; makes no reports' },
] as const;

const OWN = 'own';

export interface PolicyChoice {
  /** The name of a built-in policy, or `own`. */
  readonly name: string;
  readonly document: string;
}

/** What is given to the API: a name, or a document. */
export const policyOf = ({ name, document }: PolicyChoice): string => (name === OWN ? document : name);

/** A policy: one of the built-in ones, or a document of one's own. */
export function PolicyField({
  choice,
  change,
}: {
  readonly choice: PolicyChoice;
  readonly change: (next: PolicyChoice) => void;
}): ReactNode {
  const isOwn = choice.name === OWN;
  const problem = isOwn && !isJson(choice.document) ? 'A policy is a JSON document of IAM’s language.' : '';
  return (
    <SpaceBetween size="m">
      <FormField label="Policy">
        <RadioGroup
          value={choice.name}
          onChange={({ detail }) => change({ ...choice, name: detail.value })}
          items={[...builtIn, { value: OWN, label: 'A policy of your own' }]}
        />
      </FormField>
      {isOwn ? (
        <FormField label="Document" errorText={problem} stretch>
          <Textarea
            value={choice.document}
            rows={12}
            spellcheck={false}
            onChange={({ detail }) => change({ ...choice, document: detail.value })}
          />
        </FormField>
      ) : null}
    </SpaceBetween>
  );
}

export const isUsable = (choice: PolicyChoice): boolean => choice.name !== OWN || isJson(choice.document);

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

export const EXAMPLE = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": ["inspector:Describe*", "inspector:List*"], "Resource": "*" }
  ]
}
`;
