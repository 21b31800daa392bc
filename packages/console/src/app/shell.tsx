import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import Header from '@cloudscape-design/components/header';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import Spinner from '@cloudscape-design/components/spinner';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { Mode } from '@cloudscape-design/global-styles';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createAssayCall, createCall } from '../api.ts';
import type { Key } from '../sign-request.ts';
import { PageLink } from '../ui/page-link.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FirstViewContext } from './first-view.ts';
import { pages } from './pages.ts';
import { hrefOf } from './route.ts';
import { type Details, type Notice, type Session, SessionContext } from './session-context.ts';
import { usePermissions } from './use-permissions.ts';
import { useRoute } from './use-route.ts';

const SplitPanel = lazy(() => import('@cloudscape-design/components/split-panel'));

/** Milliseconds. */
const JUST = 2000;
const LONG = 1500;

interface ShellProps {
  /** The key of who is signed in. */
  readonly session: Key;
  readonly mode: Mode;
  readonly setMode: (mode: Mode) => void;
  readonly signOut: () => void;
}

/** The console of somebody who is signed in: navigation, messages, and the page that the address names. */
export function Shell({ session: key, mode, setMode, signOut }: ShellProps): ReactNode {
  const route = useRoute();
  const [name = '', id] = route.path;
  const entry = pages.find((page) => page.name === name);
  const isItem = id !== undefined && entry?.item !== undefined;
  const [notices, setNotices] = useState<readonly (Notice & { readonly id: string; readonly at: number })[]>([]);
  const [open, setOpen] = useState(() => window.innerWidth > 1000);
  const [details, showDetails] = useState<Details>();
  const [panelOpen, setPanelOpen] = useState(true);
  const count = useRef(0);

  const call = useMemo(() => createCall(location.origin, key), [key]);
  const assay = useMemo(() => createAssayCall(location.origin, key), [key]);
  const notify = useCallback((notice: Notice) => {
    count.current += 1;
    const shown = { ...notice, id: `notice-${count.current}`, at: Date.now() };
    setNotices((before) => [shown, ...before].slice(0, 5));
  }, []);
  const place = `${name}/${id ?? ''}`;
  const [drawnAt, setDrawnAt] = useState<string>();
  const drawn = drawnAt === place;
  const firstView = useMemo(() => ({ drawn, tell: () => setDrawnAt(place) }), [drawn, place]);
  useEffect(() => {
    // A page without rows, or one that waits long for them.
    const timer = setTimeout(() => setDrawnAt(place), LONG);
    return () => clearTimeout(timer);
  }, [place]);
  const whyNot = usePermissions(assay, drawn);
  const [named, setNamed] = useState<{ readonly place: string; readonly name: string }>();
  const itemName = named?.place === place ? named.name : undefined;
  const nameItem = useCallback((name: string) => setNamed({ place, name }), [place]);
  const session = useMemo<Session>(
    () => ({ key, call, assay, whyNot, notify, showDetails, nameItem, signOut }),
    [key, call, assay, whyNot, notify, nameItem, signOut],
  );
  useEffect(() => {
    document.title = `${itemName ?? entry?.title ?? 'Not found'} · Assay`;
  }, [entry, itemName]);
  useEffect(() => {
    // Messages and details are about what was done on a page; one that was just written is about the way to this one.
    showDetails(undefined);
    setNotices((before) => before.filter(({ at }) => Date.now() - at < JUST));
    if (place !== '') window.scrollTo(0, 0);
  }, [place]);

  const items: FlashbarProps.MessageDefinition[] = notices.map(({ at: _, ...notice }) => ({
    ...notice,
    dismissible: true,
    dismissLabel: 'Dismiss',
    onDismiss: () => setNotices((before) => before.filter((other) => other.id !== notice.id)),
  }));
  const links = (section: string) =>
    pages
      .filter((page) => page.section === section)
      .map((page) => ({ type: 'link' as const, text: page.title, href: hrefOf(page.name ? [page.name] : []) }));
  const Page = entry?.page;
  const Item = entry?.item;
  const isDark = mode === Mode.Dark;
  return (
    <SessionContext.Provider value={session}>
      <button type="button" className="skip" onClick={() => document.querySelector<HTMLElement>('main')?.focus()}>
        Skip to the content
      </button>
      <div id="header">
        <TopNavigation
          identity={{ href: '#/', title: 'Assay' }}
          utilities={[
            {
              type: 'button',
              text: isDark ? 'Light' : 'Dark',
              ariaLabel: isDark ? 'Use light colours' : 'Use dark colours',
              onClick: () => setMode(isDark ? Mode.Light : Mode.Dark),
            },
            {
              type: 'menu-dropdown',
              text: key.accessKeyId,
              description: key.region,
              iconName: 'user-profile',
              items: [{ id: 'sign-out', text: 'Sign out' }],
              onItemClick: signOut,
            },
          ]}
        />
      </div>
      <AppLayout
        headerSelector="#header"
        toolsHide
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        ariaLabels={{
          navigation: 'Pages',
          navigationClose: 'Close the list of pages',
          navigationToggle: 'Open the list of pages',
          notifications: 'Messages',
        }}
        navigation={
          <SideNavigation
            activeHref={hrefOf(name ? [name] : [])}
            items={[
              ...links('Assess'),
              { type: 'divider' },
              ...links('Set up'),
              { type: 'divider' },
              ...links('Manage'),
            ]}
          />
        }
        {...(name === ''
          ? {}
          : {
              breadcrumbs: (
                <Breadcrumbs name={name} title={entry?.title} id={isItem ? id : undefined} itemName={itemName} />
              ),
            })}
        notifications={<Flashbar items={items} />}
        splitPanelOpen={details !== undefined && panelOpen}
        onSplitPanelToggle={({ detail }) => setPanelOpen(detail.open)}
        {...(details
          ? {
              splitPanel: (
                <Suspense>
                  <SplitPanel header={details.title}>{details.content}</SplitPanel>
                </Suspense>
              ),
            }
          : {})}
        content={
          <ErrorBoundary key={place}>
            <FirstViewContext value={firstView}>
              <Suspense fallback={<Spinner size="large" />}>
                {isItem && Item ? <Item key={id} id={id} /> : Page ? <Page /> : <NotFound />}
              </Suspense>
            </FirstViewContext>
          </ErrorBoundary>
        }
      />
    </SessionContext.Provider>
  );
}

const NotFound = (): ReactNode => (
  <>
    <Header variant="h1">There is no such page</Header>
    <PageLink href="#/">Go to the overview</PageLink>
  </>
);

function Breadcrumbs({
  name,
  title,
  id,
  itemName,
}: {
  readonly name: string;
  readonly title: string | undefined;
  readonly id: string | undefined;
  readonly itemName: string | undefined;
}): ReactNode {
  const last = id === undefined ? [] : [{ text: itemName ?? id.split('/').at(-1) ?? id, href: hrefOf([name, id]) }];
  return (
    <BreadcrumbGroup
      ariaLabel="Where this page is"
      items={[{ text: 'Assay', href: '#/' }, { text: title ?? 'Not found', href: hrefOf([name]) }, ...last]}
    />
  );
}
