import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { classesQuery, projectQuery } from "../../api/queries";
import { ErrorScreen, LoadingScreen } from "../common/states";
import { ProjectProvider } from "../label/project-context";

/** An open project around a screen: its labels live, gestures through the outbox. */
export function WithProject({ projectId, children }: { projectId: number; children: ReactNode }) {
  const project = useQuery(projectQuery(projectId));
  const classes = useQuery(classesQuery(projectId));
  const error = project.error ?? classes.error;
  if (project.data && classes.data) {
    return (
      <ProjectProvider project={project.data} classes={classes.data}>
        {children}
      </ProjectProvider>
    );
  }
  if (!error) return <LoadingScreen what="project" />;
  const retry = () => {
    void project.refetch();
    void classes.refetch();
  };
  return <ErrorScreen title="The project could not be opened" error={error} onRetry={retry} />;
}
