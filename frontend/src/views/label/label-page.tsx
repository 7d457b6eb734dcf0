/** The Label page: reads the project and its classes, opens the session, and shows the screen. */
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { classesQuery, projectQuery } from "../../api/queries";
import { ErrorScreen, LoadingScreen } from "../common/states";
import { LabelScreen } from "./label-screen";
import { ProjectProvider } from "./project-context";

export default function LabelPage({ projectId }: { projectId: number }) {
  const project = useQuery(projectQuery(projectId));
  const classes = useQuery(classesQuery(projectId));
  useDocumentTitle(project.data ? `${project.data.name} · Labeler` : "Labeler");

  const error = project.error ?? classes.error;
  if (!project.data || !classes.data) {
    if (!error) return <LoadingScreen what="project" />;
    const retry = () => {
      void project.refetch();
      void classes.refetch();
    };
    return <ErrorScreen title="The project could not be opened" error={error} onRetry={retry} />;
  }
  return (
    <ProjectProvider project={project.data} classes={classes.data}>
      <LabelScreen />
    </ProjectProvider>
  );
}
