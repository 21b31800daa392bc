create table access_keys (
  id text collate "C" not null,
  account text collate "C" not null,
  secret bytea not null,
  policy text collate "C",
  created_at bigint not null,
  revoked_at bigint,
  constraint access_keys_key PRIMARY KEY (id)
);
create table agent_tags (
  scope bigint not null,
  agent text collate "C" not null,
  key text collate "C" not null,
  value text collate "C" not null,
  constraint agent_tags_key PRIMARY KEY (scope, key, value, agent)
);
create table agents (
  scope bigint not null,
  id text collate "C" not null,
  public_key bytea not null,
  hostname text collate "C" not null,
  operating_system text collate "C" not null,
  kernel_version text collate "C",
  agent_version text collate "C" not null,
  ipv4_address text collate "C",
  privileged bigint not null,
  tags text collate "C" not null,
  status text collate "C" not null,
  enrolled_at bigint not null,
  seen_at bigint not null,
  constraint agents_key PRIMARY KEY (id)
);
CREATE INDEX agents_enrolled_at_id ON public.agents USING btree (scope, enrolled_at, id);
create table cross_account_roles (
  scope bigint not null,
  role text collate "C" not null,
  registered_at bigint not null,
  constraint cross_account_roles_key PRIMARY KEY (scope)
);
create table enrollment_tokens (
  digest text collate "C" not null,
  scope bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  agent text collate "C",
  constraint enrollment_tokens_key PRIMARY KEY (digest)
);
create table evaluations (
  scope bigint not null,
  run text collate "C" not null,
  agent text collate "C" not null,
  rules_package text collate "C" not null,
  verdicts bytea not null,
  evaluated_at bigint not null,
  constraint evaluations_packed_key PRIMARY KEY (scope, run, agent, rules_package)
);
CREATE INDEX evaluations_evaluated_at ON public.evaluations USING btree (evaluated_at);
create table event_subscriptions (
  scope bigint not null,
  template text collate "C" not null,
  topic text collate "C" not null,
  event text collate "C" not null,
  subscribed_at bigint not null,
  group_at bigint not null,
  group_id text collate "C" not null,
  constraint event_subscriptions_key PRIMARY KEY (scope, template, topic, event)
);
CREATE INDEX event_subscriptions_group_at_group_id ON public.event_subscriptions USING btree (scope, group_at, group_id);
create table evidence (
  scope bigint not null,
  run text collate "C" not null,
  agent text collate "C" not null,
  kind text collate "C" not null,
  digest text collate "C" not null,
  size bigint not null,
  telemetry text collate "C" not null,
  collected_at bigint not null,
  received_at bigint not null,
  constraint evidence_key PRIMARY KEY (scope, run, agent, kind)
);
CREATE INDEX evidence_agent_kind_received_at ON public.evidence USING btree (scope, agent, kind, received_at);
CREATE INDEX evidence_digest ON public.evidence USING btree (digest);
create table evidence_blobs (
  digest text collate "C" not null,
  content bytea not null,
  constraint evidence_blobs_key PRIMARY KEY (digest)
);
create table exclusion_previews (
  scope bigint not null,
  token text collate "C" not null,
  template text collate "C" not null,
  exclusions text collate "C",
  created_at bigint not null,
  constraint exclusion_previews_key PRIMARY KEY (scope, token)
);
CREATE INDEX exclusion_previews_template ON public.exclusion_previews USING btree (scope, template);
create table exclusions (
  scope bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  template text collate "C" not null,
  run text collate "C" not null,
  subject text collate "C" not null,
  document text collate "C" not null,
  created_at bigint not null,
  constraint exclusions_key PRIMARY KEY (scope, id)
);
CREATE INDEX exclusions_run_created_at_id ON public.exclusions USING btree (scope, run, created_at, id);
CREATE UNIQUE INDEX exclusions_unique ON public.exclusions USING btree (scope, run, subject);
create table findings (
  scope bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  template text collate "C" not null,
  run text collate "C" not null,
  agent text collate "C",
  auto_scaling_group text collate "C",
  rules_package text collate "C" not null,
  rule text collate "C" not null,
  severity text collate "C" not null,
  numeric_severity double precision not null,
  document text collate "C" not null,
  created_at bigint not null,
  updated_at bigint not null,
  terms bytea not null default '\x'::bytea,
  constraint findings_key PRIMARY KEY (scope, id)
);
CREATE INDEX findings_created_at_id ON public.findings USING btree (scope, created_at, id);
CREATE INDEX findings_run_created_at_id ON public.findings USING btree (scope, run, created_at, id);
create table jobs (
  scope bigint not null,
  run text collate "C" not null,
  kind text collate "C" not null,
  not_before bigint not null,
  attempts bigint not null,
  failures bigint not null,
  version bigint not null,
  lease_owner text collate "C",
  lease_expires_at bigint,
  constraint jobs_key PRIMARY KEY (scope, run, kind)
);
CREATE INDEX jobs_not_before ON public.jobs USING btree (not_before);
create table list_block_columns (
  id bigint not null,
  min_value bigint,
  max_value bigint,
  mask bigint,
  data bytea not null,
  constraint list_block_columns_key PRIMARY KEY (id)
);
create table list_blocks (
  id bigint not null generated by default as identity,
  list bigint not null,
  scope bigint not null,
  last_at bigint not null,
  last_id text collate "C" not null,
  count bigint not null,
  constraint list_blocks_key PRIMARY KEY (id)
);
CREATE UNIQUE INDEX list_blocks_unique ON public.list_blocks USING btree (list, scope, last_at, last_id);
create table list_changes (
  list bigint not null,
  scope bigint not null,
  created_at bigint not null,
  id text collate "C" not null,
  constraint list_changes_key PRIMARY KEY (list, scope, created_at, id)
);
create table report_chunks (
  scope bigint not null,
  report text collate "C" not null,
  position bigint not null,
  content bytea not null,
  constraint report_chunks_key PRIMARY KEY (scope, report, "position")
);
create table reports (
  scope bigint not null,
  id text collate "C" not null,
  run text collate "C" not null,
  type text collate "C" not null,
  format text collate "C" not null,
  status text collate "C" not null,
  error text collate "C",
  created_at bigint not null,
  finished_at bigint,
  size bigint not null default 0,
  making bigint not null default 0,
  constraint reports_key PRIMARY KEY (scope, id)
);
CREATE UNIQUE INDEX reports_unique ON public.reports USING btree (scope, run, type, format);
create table resource_groups (
  scope bigint not null,
  id text collate "C" not null,
  tags text collate "C" not null,
  created_at bigint not null,
  constraint resource_groups_key PRIMARY KEY (scope, id)
);
CREATE INDEX resource_groups_created_at_id ON public.resource_groups USING btree (scope, created_at, id);
create table rules_package_set_members (
  rules_package_set bigint not null,
  arn text collate "C" not null,
  constraint rules_package_set_members_key PRIMARY KEY (arn, rules_package_set)
);
create table rules_package_sets (
  id bigint not null generated by default as identity,
  arns text collate "C" not null,
  constraint rules_package_sets_pkey PRIMARY KEY (id),
  constraint rules_package_sets_unique UNIQUE (arns)
);
create table run_agents (
  scope bigint not null,
  run text collate "C" not null,
  agent text collate "C" not null,
  active bigint not null,
  status text collate "C" not null,
  delivered_at bigint,
  constraint run_agents_key PRIMARY KEY (scope, run, agent)
);
CREATE INDEX run_agents_agent_active ON public.run_agents USING btree (scope, agent, active);
CREATE UNIQUE INDEX run_agents_one_active ON public.run_agents USING btree (scope, agent) WHERE (active = 1);
create table run_telemetry (
  scope bigint not null,
  run text collate "C" not null,
  shard bigint not null,
  message_type text collate "C" not null,
  count bigint not null,
  data_size bigint not null,
  constraint run_telemetry_key PRIMARY KEY (scope, run, shard, message_type)
);
create table runs (
  scope bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  template text collate "C" not null,
  name text collate "C" not null,
  state text collate "C" not null,
  duration bigint not null,
  rules_packages bigint not null,
  user_attributes text collate "C" not null,
  created_at bigint not null,
  started_at bigint,
  completed_at bigint,
  state_changed_at bigint not null,
  data_collected bigint not null,
  finding_counts text collate "C" not null,
  state_changes text collate "C" not null,
  notifications text collate "C" not null,
  imported bigint not null,
  knowledge text collate "C",
  constraint runs_key PRIMARY KEY (scope, id)
);
CREATE INDEX runs_created_at_id ON public.runs USING btree (scope, created_at, id);
CREATE INDEX runs_state_created_at_id ON public.runs USING btree (scope, state, created_at, id);
CREATE INDEX runs_target_template ON public.runs USING btree (scope, target, template);
CREATE INDEX runs_template_created_at_id ON public.runs USING btree (scope, template, created_at, id);
CREATE UNIQUE INDEX runs_unique ON public.runs USING btree (scope, template, name);
create table schema_version (
  version integer not null
);
create table scopes (
  id bigint not null generated by default as identity,
  account text collate "C" not null,
  region text collate "C" not null,
  constraint scopes_pkey PRIMARY KEY (id),
  constraint scopes_unique UNIQUE (account, region)
);
create table settings (
  name text collate "C" not null,
  value text collate "C" not null,
  constraint settings_key PRIMARY KEY (name)
);
create table targets (
  scope bigint not null,
  id text collate "C" not null,
  name text collate "C" not null,
  resource_group text collate "C",
  created_at bigint not null,
  updated_at bigint not null,
  constraint targets_key PRIMARY KEY (scope, id)
);
CREATE INDEX targets_created_at_id ON public.targets USING btree (scope, created_at, id);
CREATE UNIQUE INDEX targets_unique ON public.targets USING btree (scope, name);
create table templates (
  scope bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  name text collate "C" not null,
  duration bigint not null,
  rules_packages bigint not null,
  user_attributes text collate "C" not null,
  run_count bigint not null,
  last_run text collate "C",
  tags text collate "C" not null,
  created_at bigint not null,
  constraint templates_key PRIMARY KEY (scope, id)
);
CREATE INDEX templates_created_at_id ON public.templates USING btree (scope, created_at, id);
CREATE INDEX templates_target_created_at_id ON public.templates USING btree (scope, target, created_at, id);
CREATE UNIQUE INDEX templates_unique ON public.templates USING btree (scope, target, name);
