/** What the two specifications that npm has no schema of require of the members that Assay writes, in our own words. */
const text = { type: 'string' };
const uri = { type: 'string', format: 'uri' };
const time = { type: 'string', format: 'date-time' };
const only = (properties: Readonly<Record<string, object>>, ...required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const set = (items: object, minItems = 0) => ({ type: 'array', items, minItems, uniqueItems: true });

const component = only({ '@id': uri, identifiers: only({ purl: text }) });

/** Source: OpenVEX 0.2.0, sections "Document Struct Fields" and "Statement Fields". */
export const openvexSchema = only(
  {
    '@context': { const: 'https://openvex.dev/ns/v0.2.0' },
    '@id': uri,
    author: text,
    role: text,
    timestamp: time,
    version: { type: 'integer', minimum: 1 },
    tooling: text,
    statements: set(
      {
        ...only(
          {
            '@id': uri,
            vulnerability: only({ name: { type: 'string', minLength: 1 } }, 'name'),
            timestamp: time,
            products: set({
              ...component,
              properties: { ...component.properties, subcomponents: set(component) },
            }),
            // Of the four statuses those that a scan can know.
            status: { enum: ['affected', 'under_investigation'] },
            status_notes: text,
            action_statement: { type: 'string', minLength: 1 },
          },
          'vulnerability',
          'products',
          'status',
        ),
        anyOf: [
          { properties: { status: { const: 'under_investigation' } } },
          { properties: { action_statement: { type: 'string' } }, required: ['action_statement'] },
        ],
      },
      1,
    ),
  },
  '@context',
  '@id',
  'author',
  'timestamp',
  'version',
  'statements',
);

const message = only({ text }, 'text');
const level = { enum: ['none', 'note', 'warning', 'error'] };
const bag = { type: 'object' };
const location = only({
  physicalLocation: only({ artifactLocation: only({ uri: { type: 'string', format: 'uri-reference' } }) }),
  logicalLocations: set(only({ name: text, fullyQualifiedName: text, kind: text })),
});

/** Source: SARIF 2.1.0, sections 3.13 (sarifLog) to 3.58 (notification). */
export const sarifSchema = only(
  {
    $schema: uri,
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: only(
        {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: only(
            {
              driver: only(
                {
                  name: text,
                  version: text,
                  semanticVersion: text,
                  rules: set(
                    only(
                      {
                        id: text,
                        name: text,
                        shortDescription: message,
                        fullDescription: message,
                        helpUri: uri,
                        defaultConfiguration: only({ level }),
                        properties: bag,
                      },
                      'id',
                    ),
                  ),
                },
                'name',
              ),
            },
            'driver',
          ),
          results: {
            type: 'array',
            items: only(
              {
                ruleId: text,
                ruleIndex: { type: 'integer', minimum: 0 },
                kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
                level,
                message,
                locations: { type: 'array', items: location },
                partialFingerprints: { type: 'object', additionalProperties: text },
                properties: bag,
              },
              'message',
            ),
          },
          invocations: {
            type: 'array',
            items: only(
              {
                executionSuccessful: { type: 'boolean' },
                toolExecutionNotifications: {
                  type: 'array',
                  items: only(
                    {
                      descriptor: only({ id: text }),
                      level,
                      message,
                      timeUtc: time,
                      locations: set(location),
                      properties: bag,
                    },
                    'message',
                  ),
                },
              },
              'executionSuccessful',
            ),
          },
        },
        'tool',
      ),
    },
  },
  'version',
  'runs',
);
