import type { ReactNode } from "react";
import type { Session } from "../../api/types";
import { Logo } from "../common/logo";
import { SignInForm } from "./sign-in-form";
import classes from "./sign-in-page.module.css";

/** Tiles behind the form: a still picture of what a map looks like. x, y in percent, size in pixels, tone 0..5. */
const TILES: readonly [x: number, y: number, size: number, tone: number][] = Array.from(
  { length: 150 },
  (_, at) => {
    const angle = at * 2.399963; // golden angle: even spread without a random generator
    const radius = 4 + 4.6 * Math.sqrt(at);
    const cluster = Math.floor(((angle % (2 * Math.PI)) / (2 * Math.PI)) * 6);
    return [
      50 + radius * Math.cos(angle) * 1.15,
      50 + radius * Math.sin(angle),
      12 + ((at * 7) % 22),
      cluster,
    ];
  },
);

export function SignInPage({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  return (
    <SignInCard lead="See the whole dataset. Label it by the hundred.">
      <SignInForm onSignedIn={onSignedIn} />
    </SignInCard>
  );
}

/** The card that strangers see, with a map of tiles behind it. */
export function SignInCard({ lead, children }: { lead: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.tiles} aria-hidden="true">
        {TILES.map(([x, y, size, tone]) => (
          <span
            key={`${x}-${y}`}
            className={classes.tile}
            data-tone={tone}
            style={{ left: `${x}%`, top: `${y}%`, width: size, height: size }}
          />
        ))}
      </div>
      <section className={classes.card}>
        <Logo size={30} />
        <h1 className={classes.title}>Labeler</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
      </section>
    </main>
  );
}
