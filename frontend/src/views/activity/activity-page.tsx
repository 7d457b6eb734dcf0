/** Who labelled what, how fast, and how far people agree; every action can be taken back. */
import { useDocumentTitle } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meterQuery } from "../../api/activity-queries";
import { classesQuery, projectQuery } from "../../api/queries";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen, StateCard } from "../common/states";
import { ActionLog } from "./action-log";
import classes from "./activity-page.module.css";
import { AgreementCard } from "./agreement-card";
import { SpeedTable } from "./speed-table";

export default function ActivityPage({ projectId }: { projectId: number }) {
  const project = useQuery(projectQuery(projectId));
  const labelClasses = useQuery(classesQuery(projectId));
  const meter = useQuery(meterQuery(projectId));
  const [annotator, setAnnotator] = useState<string | null>(null);
  useDocumentTitle("Activity · Labeler");

  const error = project.error ?? labelClasses.error ?? meter.error;
  if (error) {
    const retry = () => void Promise.all([project.refetch(), labelClasses.refetch(), meter.refetch()]);
    return <ErrorScreen title="The activity could not be read" error={error} onRetry={retry} />;
  }
  if (!project.data || !labelClasses.data || !meter.data) return <LoadingScreen what="activity" />;

  return (
    <Page
      crumbs={[
        { title: "Projects", href: "/" },
        { title: project.data.name, href: `/projects/${projectId}` },
        { title: "Activity" },
      ]}
      width="wide"
    >
      {project.data.label_sequence === 0 ? (
        <div className={classes.empty}>
          <StateCard
            icon={<IconHistory size={22} />}
            title="Nobody has labelled yet"
            detail="Every gesture appears here with its author, and can be taken back at any time."
          />
        </div>
      ) : (
        <div className={classes.columns} data-testid="activity">
          <ActionLog
            project={project.data}
            classById={new Map(labelClasses.data.map((entry) => [entry.id, entry]))}
            annotators={meter.data.annotators.map((entry) => entry.annotator)}
            annotator={annotator}
            onAnnotator={setAnnotator}
          />
          <div className={classes.figures}>
            <SpeedTable annotators={meter.data.annotators} />
            <AgreementCard projectId={projectId} agreement={meter.data.agreement} />
          </div>
        </div>
      )}
    </Page>
  );
}
