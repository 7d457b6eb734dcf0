import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import { ApiError } from "../../api/problem";
import { disagreementsQuery, suspectsQuery } from "../../api/suggestion-queries";
import { formatCount } from "../../lib/format";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen } from "../common/states";
import { useFreshSuggestions } from "../confirm/use-fresh-suggestions";
import { OutboxBadge } from "../label/outbox-badge";
import { useProject } from "../label/project-context";
import classes from "./review.module.css";
import { caseOfDisagreement, caseOfSuspect, type ReviewWhat } from "./review-case";
import { ReviewQueue } from "./review-queue";

const isNotReady = (error: Error | null) => error instanceof ApiError && error.code === "no_suggestions";

/** Labels to look at again: those that the model doubts, and those that people disagree on. */
export function ReviewScreen({ what }: { what: ReviewWhat }) {
  const { project } = useProject();
  const suspects = useQuery(suspectsQuery(project.id));
  const disagreements = useQuery(disagreementsQuery(project.id));
  useFreshSuggestions(project.id);
  const doubted = useMemo(() => (suspects.data?.items ?? []).map(caseOfSuspect), [suspects.data]);
  const disputed = useMemo(
    () => (disagreements.data?.items ?? []).map(caseOfDisagreement),
    [disagreements.data],
  );

  const base = `/projects/${project.id}/review`;
  const chosen = what === "suspects" ? suspects : disagreements;
  const tabs = [
    {
      id: "suspects",
      href: `${base}/suspects`,
      title: "The model doubts",
      count: suspects.data?.num_suspects ?? 0,
    },
    {
      id: "disagreements",
      href: `${base}/disagreements`,
      title: "People disagree",
      count: disagreements.data?.num_images ?? 0,
    },
  ] as const;
  const [other] = tabs.filter((tab) => tab.id !== what);
  return (
    <Page
      crumbs={[
        { title: "Projects", href: "/" },
        { title: project.name, href: `/projects/${project.id}` },
        { title: "Review" },
      ]}
      width="full"
      actions={<OutboxBadge />}
    >
      <nav className={classes.tabs} aria-label="What to review">
        {tabs.map((tab) => (
          <Link
            key={tab.id}
            href={tab.href}
            className={classes.tab}
            aria-current={tab.id === what ? "page" : undefined}
            data-testid={`review-${tab.id}`}
          >
            {tab.title} <span className="num">{formatCount(tab.count)}</span>
          </Link>
        ))}
      </nav>
      {chosen.error && !isNotReady(chosen.error) ? (
        <ErrorScreen title="The labels to review could not be read" error={chosen.error} />
      ) : chosen.isPending ? (
        <LoadingScreen what="labels to review" />
      ) : (
        <ReviewQueue
          key={what}
          cases={what === "suspects" ? doubted : disputed}
          what={what}
          isReady={!isNotReady(chosen.error)}
          onward={
            other.count > 0 && (
              <Button component={Link} href={other.href} variant="default" data-testid="review-onward">
                {other.title}: {formatCount(other.count)}
              </Button>
            )
          }
        />
      )}
    </Page>
  );
}
