import { useDocumentTitle } from "@mantine/hooks";
import { IconTimeline } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classesQuery, modelsQuery, projectQuery } from "../../api/queries";
import { whatBringsAModel } from "../../lib/training-policy";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen, StateCard } from "../common/states";
import { AccuracyChart } from "./accuracy-chart";
import { ClassViews } from "./class-views";
import { ConfusionMatrix } from "./confusion-matrix";
import { LayoutQuality } from "./layout-quality";
import { ModelList } from "./model-list";
import { ModelSummaryCard } from "./model-summary-card";
import classes from "./models-page.module.css";
import { PerClassTable } from "./per-class-table";

export default function ModelsPage({ projectId }: { projectId: number }) {
  const project = useQuery(projectQuery(projectId));
  const models = useQuery(modelsQuery(projectId));
  const labelClasses = useQuery(classesQuery(projectId));
  const [chosen, setChosen] = useState<number | null>(null);
  useDocumentTitle("Models · Labeler");

  const error = project.error ?? models.error ?? labelClasses.error;
  if (error) return <ErrorScreen title="The models could not be read" error={error} />;
  if (!project.data || !models.data || !labelClasses.data) return <LoadingScreen what="models" />;

  const byNumber = [...models.data].sort((a, b) => b.number - a.number);
  const model = byNumber.find((entry) => entry.number === chosen) ?? byNumber[0];
  const previous = byNumber.find((entry) => entry.number === (model?.number ?? 0) - 1);
  const names = new Map(labelClasses.data.map((entry) => [entry.id, entry]));

  return (
    <Page
      crumbs={[
        { title: "Projects", href: "/" },
        { title: project.data.name, href: `/projects/${projectId}` },
        { title: "Models" },
      ]}
      width="wide"
    >
      {model ? (
        <div className={classes.columns} data-testid="models">
          <ModelList models={byNumber} chosen={model.number} onChoose={setChosen} />
          <div className={classes.detail}>
            <ModelSummaryCard project={project.data} model={model} previous={previous ?? null} />
            <AccuracyChart models={byNumber} chosen={model.number} onChoose={setChosen} />
            <PerClassTable model={model} classById={names} />
            <LayoutQuality projectId={projectId} modelNumber={model.number} />
            <ConfusionMatrix model={model} classById={names} />
            <ClassViews project={project.data} model={model} classById={names} />
          </div>
        </div>
      ) : (
        <div className={classes.empty}>
          <StateCard
            icon={<IconTimeline size={22} />}
            title="No model yet"
            detail={`${whatBringsAModel(project.data)} Its held-out accuracy, per-class figures and confusions appear here.`}
          />
        </div>
      )}
    </Page>
  );
}
