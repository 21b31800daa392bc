import { type OperationName, operations } from '@assay/model/api/operations.ts';
import type { ArnKind } from '@assay/model/arn.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';

const region = 'us-east-1';
const rulesPackageAccount = '316112463485';
const id = (at: number): string => `0-${String(at).padStart(8, '0')}`;
const arnOf = (kind: ArnKind, at: number): string => {
  const run = `target/${id(0)}/template/${id(0)}/run/${id(0)}`;
  const resource = {
    resourcegroup: `resourcegroup/${id(at)}`,
    rulespackage: `rulespackage/${id(at)}`,
    target: `target/${id(at)}`,
    template: `target/${id(0)}/template/${id(at)}`,
    run: `target/${id(0)}/template/${id(0)}/run/${id(at)}`,
    finding: `${run}/finding/${id(at)}`,
    exclusion: `${run}/exclusion/${id(at)}`,
  }[kind];
  return `arn:aws:inspector:${region}:${kind === 'rulespackage' ? rulesPackageAccount : '123456789012'}:${resource}`;
};

const kinds: Readonly<Record<string, ArnKind>> = {
  assessmentTargetArn: 'target',
  previewAgentsArn: 'target',
  assessmentTemplateArn: 'template',
  assessmentRunArn: 'run',
  resourceGroupArn: 'resourcegroup',
  rulesPackageArn: 'rulespackage',
  findingArn: 'finding',
  exclusionArn: 'exclusion',
  resourceArn: 'template',
};

const others: Readonly<Record<string, (at: number) => string>> = {
  topicArn: (at) => `arn:aws:sns:${region}:123456789012:topic-${at}`,
  roleArn: (at) => `arn:aws:iam::123456789012:role/role-${at}`,
};

/** A text that keeps the only pattern of the model. */
export const UUID = '01234567-89ab-cdef-0123-456789abcdef';

/** A value that keeps every constraint and names nothing that is there; values for different `at` differ. */
export function validValue(shape: Shape, name: string, at = 0): unknown {
  const singular = name.replace(/s$/, '');
  const kind = kinds[singular];
  switch (shape.type) {
    case 'string':
      if (shape.pattern) return UUID;
      return kind ? arnOf(kind, at) : (others[singular]?.(at) ?? `text ${at}`);
    case 'enum':
      return shape.values[at % shape.values.length];
    case 'integer':
    case 'long':
    case 'double':
      return shape.min ?? 1;
    case 'timestamp':
      return 1_400_000_000 + at;
    case 'boolean':
      return true;
    case 'list':
      return [validValue(elementOf(shape), name, at)];
    case 'map':
      return {};
    case 'structure':
      return validStructure(shape, at);
  }
}

const validStructure = (shape: StructureShape, at = 0): Record<string, unknown> =>
  Object.fromEntries(shape.required.map((name) => [name, validValue(membersOf(shape)[name] as Shape, name, at)]));

/**
 * An input that keeps every constraint and makes nothing that could be made once only: the required members, and where
 * those would make something with a name, a parent that is not there.
 */
export function validInput(operation: OperationName): Record<string, unknown> {
  const base = validStructure(operations[operation].input as StructureShape);
  return operation === 'CreateAssessmentTarget' ? { ...base, resourceGroupArn: arnOf('resourcegroup', 0) } : base;
}
