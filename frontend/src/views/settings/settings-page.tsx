import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { Link } from "wouter";
import { projectQuery } from "../../api/queries";
import type { Project } from "../../api/types";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen, NotFoundScreen } from "../common/states";
import { CropRatesSettings } from "./crop-rates-settings";
import { ExportSettings } from "./export-settings";
import { GeneralSettings } from "./general-settings";
import { HistorySettings } from "./history-settings";
import { ImportSettings } from "./import-settings";
import { MemberSettings } from "./member-settings";
import { RemovedImagesSettings } from "./removed-images-settings";
import classes from "./settings.module.css";
import { TrainingSettings } from "./training-settings";
import { WebhookSettings } from "./webhook-settings";

interface Tab {
  id: string;
  title: string;
  content: ComponentType<{ project: Project }>;
}

const TABS: readonly Tab[] = [
  { id: "general", title: "General", content: GeneralSettings },
  { id: "training", title: "Training", content: TrainingSettings },
  { id: "crop-rates", title: "Crop rates", content: CropRatesSettings },
  { id: "members", title: "Members", content: MemberSettings },
  { id: "imports", title: "Imports", content: ImportSettings },
  { id: "removed-images", title: "Removed images", content: RemovedImagesSettings },
  { id: "export", title: "Export", content: ExportSettings },
  { id: "webhooks", title: "Webhooks", content: WebhookSettings },
  { id: "audit-log", title: "Audit log", content: HistorySettings },
];

export default function SettingsPage({ projectId, tab }: { projectId: number; tab: string }) {
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  useDocumentTitle("Settings · Labeler");
  const chosen = TABS.find((entry) => entry.id === tab);
  if (!chosen) return <NotFoundScreen />;
  if (error)
    return <ErrorScreen title="The project could not be read" error={error} onRetry={() => void refetch()} />;
  if (!project) return <LoadingScreen what="settings" />;

  const Content = chosen.content;
  return (
    <Page
      crumbs={[
        { title: "Projects", href: "/" },
        { title: project.name, href: `/projects/${projectId}` },
        { title: "Settings" },
      ]}
    >
      <div className={classes.columns}>
        <nav className={classes.tabs} aria-label="Settings">
          {TABS.map((entry) => (
            <Link
              key={entry.id}
              href={`/projects/${projectId}/settings/${entry.id}`}
              className={classes.tab}
              aria-current={entry.id === chosen.id ? "page" : undefined}
              data-testid={`settings-${entry.id}`}
            >
              {entry.title}
            </Link>
          ))}
        </nav>
        <section className={classes.content} aria-label={chosen.title}>
          <Content project={project} />
        </section>
      </div>
    </Page>
  );
}
