// Over 300 lines: every table of the first version, one after another, and nothing else.
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

type Columns = Readonly<Record<string, 'text' | 'integer' | 'bytes' | 'double'>>;

/** Every table of the first version: what it is for stands in schema.ts. A `?` after a name lets it be null. */
const tables: Readonly<Record<string, { columns: Columns; key: readonly string[] }>> = {
  access_keys: {
    columns: {
      id: 'text',
      account: 'text',
      secret: 'bytes',
      'policy?': 'text',
      created_at: 'integer',
      'revoked_at?': 'integer',
    },
    key: ['id'],
  },
  resource_groups: {
    columns: { scope: 'integer', id: 'text', tags: 'text', created_at: 'integer' },
    key: ['scope', 'id'],
  },
  targets: {
    columns: {
      scope: 'integer',
      id: 'text',
      name: 'text',
      'resource_group?': 'text',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['scope', 'id'],
  },
  templates: {
    columns: {
      scope: 'integer',
      id: 'text',
      target: 'text',
      name: 'text',
      duration: 'integer',
      rules_packages: 'integer',
      user_attributes: 'text',
      run_count: 'integer',
      'last_run?': 'text',
      tags: 'text',
      created_at: 'integer',
    },
    key: ['scope', 'id'],
  },
  rules_package_set_members: {
    columns: { rules_package_set: 'integer', arn: 'text' },
    key: ['arn', 'rules_package_set'],
  },
  runs: {
    columns: {
      scope: 'integer',
      id: 'text',
      target: 'text',
      template: 'text',
      name: 'text',
      state: 'text',
      duration: 'integer',
      rules_packages: 'integer',
      user_attributes: 'text',
      created_at: 'integer',
      'started_at?': 'integer',
      'completed_at?': 'integer',
      state_changed_at: 'integer',
      data_collected: 'integer',
      finding_counts: 'text',
      state_changes: 'text',
      notifications: 'text',
      imported: 'integer',
      'knowledge?': 'text',
    },
    key: ['scope', 'id'],
  },
  run_agents: {
    columns: {
      scope: 'integer',
      run: 'text',
      agent: 'text',
      active: 'integer',
      status: 'text',
      'delivered_at?': 'integer',
    },
    key: ['scope', 'run', 'agent'],
  },
  agents: {
    columns: {
      scope: 'integer',
      id: 'text',
      public_key: 'bytes',
      hostname: 'text',
      operating_system: 'text',
      'kernel_version?': 'text',
      agent_version: 'text',
      'ipv4_address?': 'text',
      privileged: 'integer',
      tags: 'text',
      status: 'text',
      enrolled_at: 'integer',
      seen_at: 'integer',
    },
    key: ['id'],
  },
  agent_tags: {
    columns: { scope: 'integer', agent: 'text', key: 'text', value: 'text' },
    key: ['scope', 'key', 'value', 'agent'],
  },
  enrollment_tokens: {
    columns: { digest: 'text', scope: 'integer', created_at: 'integer', expires_at: 'integer', 'agent?': 'text' },
    key: ['digest'],
  },
  evidence: {
    columns: {
      scope: 'integer',
      run: 'text',
      agent: 'text',
      kind: 'text',
      digest: 'text',
      size: 'integer',
      telemetry: 'text',
      collected_at: 'integer',
      received_at: 'integer',
    },
    key: ['scope', 'run', 'agent', 'kind'],
  },
  evidence_blobs: { columns: { digest: 'text', content: 'bytes' }, key: ['digest'] },
  evaluations: {
    columns: {
      scope: 'integer',
      run: 'text',
      agent: 'text',
      rules_package: 'text',
      verdicts: 'text',
      evaluated_at: 'integer',
    },
    key: ['scope', 'run', 'agent', 'rules_package'],
  },
  findings: {
    columns: {
      scope: 'integer',
      id: 'text',
      target: 'text',
      template: 'text',
      run: 'text',
      'agent?': 'text',
      'auto_scaling_group?': 'text',
      rules_package: 'text',
      rule: 'text',
      severity: 'text',
      numeric_severity: 'double',
      document: 'text',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['scope', 'id'],
  },
  finding_attributes: {
    columns: { scope: 'integer', finding: 'text', owner: 'text', key: 'text', value: 'text' },
    key: ['scope', 'finding', 'owner', 'key', 'value'],
  },
  exclusions: {
    columns: {
      scope: 'integer',
      id: 'text',
      target: 'text',
      template: 'text',
      run: 'text',
      subject: 'text',
      document: 'text',
      created_at: 'integer',
    },
    key: ['scope', 'id'],
  },
  event_subscriptions: {
    columns: {
      scope: 'integer',
      template: 'text',
      topic: 'text',
      event: 'text',
      subscribed_at: 'integer',
      group_at: 'integer',
      group_id: 'text',
    },
    key: ['scope', 'template', 'topic', 'event'],
  },
  exclusion_previews: {
    columns: { scope: 'integer', token: 'text', template: 'text', 'exclusions?': 'text', created_at: 'integer' },
    key: ['scope', 'token'],
  },
  cross_account_roles: { columns: { scope: 'integer', role: 'text', registered_at: 'integer' }, key: ['scope'] },
  reports: {
    columns: {
      scope: 'integer',
      id: 'text',
      run: 'text',
      type: 'text',
      format: 'text',
      status: 'text',
      'error?': 'text',
      created_at: 'integer',
      'finished_at?': 'integer',
    },
    key: ['scope', 'id'],
  },
  jobs: {
    columns: {
      scope: 'integer',
      run: 'text',
      kind: 'text',
      not_before: 'integer',
      attempts: 'integer',
      failures: 'integer',
      version: 'integer',
      'lease_owner?': 'text',
      'lease_expires_at?': 'integer',
    },
    key: ['scope', 'run', 'kind'],
  },
  list_changes: {
    columns: { list: 'integer', scope: 'integer', created_at: 'integer', id: 'text' },
    key: ['list', 'scope', 'created_at', 'id'],
  },
  list_blocks: {
    columns: {
      id: 'integer',
      list: 'integer',
      scope: 'integer',
      last_at: 'integer',
      last_id: 'text',
      count: 'integer',
    },
    key: ['id'],
  },
  list_block_columns: {
    columns: {
      id: 'integer',
      'min_value?': 'integer',
      'max_value?': 'integer',
      'mask?': 'integer',
      data: 'bytes',
    },
    key: ['id'],
  },
};

const uniques: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['targets', 'scope', 'name'],
  ['templates', 'scope', 'target', 'name'],
  ['runs', 'scope', 'template', 'name'],
  ['exclusions', 'scope', 'run', 'subject'],
  ['reports', 'scope', 'run', 'type', 'format'],
  ['list_blocks', 'list', 'scope', 'last_at', 'last_id'],
];

/** Lists walk these newest first: their last columns are the order of the page. */
const indexes: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['resource_groups', 'scope', 'created_at', 'id'],
  ['targets', 'scope', 'created_at', 'id'],
  ['templates', 'scope', 'created_at', 'id'],
  ['templates', 'scope', 'target', 'created_at', 'id'],
  ['runs', 'scope', 'created_at', 'id'],
  ['runs', 'scope', 'template', 'created_at', 'id'],
  ['runs', 'scope', 'state', 'created_at', 'id'],
  ['runs', 'scope', 'target', 'template'],
  ['agents', 'scope', 'enrolled_at', 'id'],
  ['run_agents', 'scope', 'agent', 'active'],
  ['findings', 'scope', 'created_at', 'id'],
  ['findings', 'scope', 'run', 'created_at', 'id'],
  ['findings', 'scope', 'severity', 'created_at', 'id'],
  ['finding_attributes', 'scope', 'owner', 'key', 'value', 'finding'],
  ['exclusions', 'scope', 'run', 'created_at', 'id'],
  ['event_subscriptions', 'scope', 'group_at', 'group_id'],
  ['exclusion_previews', 'scope', 'template'],
  ['evidence', 'digest'],
  ['evidence', 'scope', 'agent', 'kind', 'received_at'],
  ['evaluations', 'evaluated_at'],
  ['jobs', 'not_before'],
];

export const initial = {
  up: async (db: Kysely<unknown>, { types, name: dialect }: Dialect): Promise<void> => {
    const strict = <T extends CreateTableBuilder<string, string>>(builder: T): T =>
      dialect === 'sqlite' ? (builder.modifyEnd(sql`strict`) as T) : builder;

    for (const [table, { columns, key }] of Object.entries(tables)) {
      let create = db.schema.createTable(table) as CreateTableBuilder<string, string>;
      for (const [name, type] of Object.entries(columns)) {
        const nullable = name.endsWith('?');
        create = create.addColumn(nullable ? name.slice(0, -1) : name, types[type], (c) =>
          nullable ? c : c.notNull(),
        );
      }
      await strict(create.addPrimaryKeyConstraint(`${table}_key`, [...key])).execute();
    }
    for (const [table, unique] of [
      ['scopes', ['account', 'region']],
      ['rules_package_sets', ['arns']],
    ] as const) {
      let create = db.schema.createTable(table) as CreateTableBuilder<string, string>;
      create =
        dialect === 'sqlite'
          ? create.addColumn('id', 'integer', (c) => c.primaryKey())
          : create.addColumn('id', 'int8', (c) => c.primaryKey().generatedByDefaultAsIdentity());
      for (const name of unique) create = create.addColumn(name, types.text, (c) => c.notNull());
      await strict(create.addUniqueConstraint(`${table}_unique`, [...unique])).execute();
    }
    for (const [table, ...columns] of uniques) {
      await db.schema.createIndex(`${table}_unique`).unique().on(table).columns(columns).execute();
    }
    for (const [table, ...columns] of indexes) {
      await db.schema
        .createIndex(`${table}_${columns.slice(1).join('_') || columns[0]}`)
        .on(table)
        .columns(columns)
        .execute();
    }
    // A host is in one running assessment at a time, whatever starts at once.
    await db.schema
      .createIndex('run_agents_one_active')
      .unique()
      .on('run_agents')
      .columns(['scope', 'agent'])
      .where(sql.ref('active'), '=', 1)
      .execute();
  },
};
