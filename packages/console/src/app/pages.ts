import { type ComponentType, lazy } from 'react';
import { OverviewPage } from '../pages/overview/page.tsx';

/** A page of the console: what it is called, where it stands, and what shows it. */
export interface PageEntry {
  /** The first part of its path; empty for the first page. */
  readonly name: string;
  readonly title: string;
  /** Of the navigation; pages without one are reached from others. */
  readonly section?: 'Assess' | 'Set up' | 'Manage';
  readonly page: ComponentType;
  /** What shows one of its items: the path has a second part then. */
  readonly item?: ComponentType<{ readonly id: string }>;
}

/** The first page comes with the console; the others are loaded when somebody first goes there. */
export const pages: readonly PageEntry[] = [
  {
    name: '',
    title: 'Overview',
    section: 'Assess',
    page: OverviewPage,
  },
  {
    name: 'findings',
    title: 'Findings',
    section: 'Assess',
    page: lazy(() => import('../pages/findings/page.tsx').then(({ FindingsPage }) => ({ default: FindingsPage }))),
    item: lazy(() => import('../pages/findings/rule-page.tsx').then(({ RulePage }) => ({ default: RulePage }))),
  },
  {
    name: 'runs',
    title: 'Runs',
    section: 'Assess',
    page: lazy(() => import('../pages/runs/page.tsx').then(({ RunsPage }) => ({ default: RunsPage }))),
    item: lazy(() => import('../pages/run/page.tsx').then(({ RunPage }) => ({ default: RunPage }))),
  },
  {
    name: 'compare',
    title: 'Compare runs',
    page: lazy(() => import('../pages/runs/compare-page.tsx').then(({ ComparePage }) => ({ default: ComparePage }))),
  },
  {
    name: 'hosts',
    title: 'Hosts',
    section: 'Assess',
    page: lazy(() => import('../pages/hosts/page.tsx').then(({ HostsPage }) => ({ default: HostsPage }))),
    item: lazy(() => import('../pages/hosts/host-page.tsx').then(({ HostPage }) => ({ default: HostPage }))),
  },
  {
    name: 'setup',
    title: 'Set up an assessment',
    page: lazy(() => import('../pages/setup/page.tsx').then(({ SetupPage }) => ({ default: SetupPage }))),
  },
  {
    name: 'targets',
    title: 'Targets',
    section: 'Set up',
    page: lazy(() => import('../pages/targets/page.tsx').then(({ TargetsPage }) => ({ default: TargetsPage }))),
  },
  {
    name: 'templates',
    title: 'Templates',
    section: 'Set up',
    page: lazy(() => import('../pages/templates/page.tsx').then(({ TemplatesPage }) => ({ default: TemplatesPage }))),
  },
  {
    name: 'schedules',
    title: 'Schedules',
    section: 'Set up',
    page: lazy(() => import('../pages/schedules/page.tsx').then(({ SchedulesPage }) => ({ default: SchedulesPage }))),
  },
  {
    name: 'topics',
    title: 'Events',
    section: 'Set up',
    page: lazy(() => import('../pages/topics/page.tsx').then(({ TopicsPage }) => ({ default: TopicsPage }))),
  },
  {
    name: 'feeds',
    title: 'Feeds',
    section: 'Manage',
    page: lazy(() => import('../pages/feeds/page.tsx').then(({ FeedsPage }) => ({ default: FeedsPage }))),
  },
  {
    name: 'keys',
    title: 'Access keys',
    section: 'Manage',
    page: lazy(() => import('../pages/keys/page.tsx').then(({ KeysPage }) => ({ default: KeysPage }))),
  },
  {
    name: 'audit',
    title: 'Audit trail',
    section: 'Manage',
    page: lazy(() => import('../pages/audit/page.tsx').then(({ AuditPage }) => ({ default: AuditPage }))),
  },
  {
    name: 'settings',
    title: 'Settings',
    section: 'Manage',
    page: lazy(() => import('../pages/settings/page.tsx').then(({ SettingsPage }) => ({ default: SettingsPage }))),
  },
];
