/** Frame of the pages that are not the map: a thin bar with where one is, and a column of content. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Logo } from "./logo";
import classes from "./page.module.css";
import { UserMenu } from "./user-menu";

export interface Crumb {
  title: string;
  href?: string;
}

export interface PageProps {
  crumbs: readonly Crumb[];
  actions?: ReactNode;
  width?: "normal" | "wide" | "full";
  children: ReactNode;
}

export function Page({ crumbs, actions, width = "normal", children }: PageProps) {
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <Link href="/" className={classes.home} aria-label="All projects">
          <Logo />
        </Link>
        <nav className={classes.crumbs} aria-label="You are here">
          {crumbs.map((crumb, at) => (
            <span key={crumb.title} className={classes.crumb}>
              {at > 0 && <span className={classes.slash}>/</span>}
              {crumb.href ? <Link href={crumb.href}>{crumb.title}</Link> : <h1>{crumb.title}</h1>}
            </span>
          ))}
        </nav>
        <div className={classes.actions}>{actions}</div>
        <UserMenu />
      </header>
      <main className={classes.main} data-width={width}>
        {children}
      </main>
    </div>
  );
}
