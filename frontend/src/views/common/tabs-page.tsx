/** A page with a list of tabs on the left, each with an address of its own. */
import type { ComponentType } from "react";
import { Link } from "wouter";
import settings from "../settings/settings.module.css";
import { type Crumb, Page } from "./page";
import { NotFoundScreen } from "./states";

export interface PageTab {
  id: string;
  title: string;
  content: ComponentType;
}

interface TabsPageProps {
  /** Address of the page; a tab's own follows it. */
  base: string;
  crumbs: readonly Crumb[];
  tabs: readonly PageTab[];
  tab: string;
}

export function TabsPage({ base, crumbs, tabs, tab }: TabsPageProps) {
  const chosen = tabs.find((entry) => entry.id === tab);
  if (!chosen) return <NotFoundScreen />;
  const Content = chosen.content;
  return (
    <Page crumbs={crumbs}>
      <div className={settings.columns}>
        <nav className={settings.tabs} aria-label={crumbs.at(-1)?.title}>
          {tabs.map((entry) => (
            <Link
              key={entry.id}
              href={`${base}/${entry.id}`}
              className={settings.tab}
              aria-current={entry.id === chosen.id ? "page" : undefined}
              data-testid={`tab-${entry.id}`}
            >
              {entry.title}
            </Link>
          ))}
        </nav>
        <section className={settings.content} aria-label={chosen.title}>
          <Content />
        </section>
      </div>
    </Page>
  );
}
