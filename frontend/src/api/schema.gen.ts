// Generated from the OpenAPI document by `npm run types`. Do not edit.

export interface paths {
    "/api/v1/backbones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Backbones */
        get: operations["__main___list_backbones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe Events */
        get: operations["__main___describe_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Projects */
        get: operations["__main___list_projects"];
        put?: never;
        /** Create Project */
        post: operations["__main___create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Project */
        get: operations["__main___get_project"];
        put?: never;
        post?: never;
        /** Delete Project */
        delete: operations["__main___delete_project"];
        options?: never;
        head?: never;
        /** Patch Project */
        patch: operations["__main___patch_project"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/arrays/{array_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Array */
        get: operations["__main___get_array"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/cells/16": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cells16 */
        get: operations["__main___cells16"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/cells/64": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cells64 */
        get: operations["__main___cells64"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Classes */
        get: operations["__main___list_classes"];
        put?: never;
        /** Create Class */
        post: operations["__main___create_class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/classes/{class_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Patch Class */
        patch: operations["__main___patch_class"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export */
        get: operations["__main___export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Images */
        get: operations["__main___list_images"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Image */
        get: operations["__main___get_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List History */
        get: operations["__main___list_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Original */
        get: operations["__main___original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/prediction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prediction */
        get: operations["__main___prediction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/saliency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Saliency */
        get: operations["__main___saliency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Thumbnail */
        get: operations["__main___thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Imports */
        get: operations["__main___list_imports"];
        put?: never;
        /** Create Import */
        post: operations["__main___create_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Entries */
        get: operations["__main___list_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload Files */
        post: operations["__main___upload_files"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start Import */
        post: operations["__main___start_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Jobs */
        get: operations["__main___list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel Job */
        post: operations["__main___cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Actions */
        get: operations["__main___list_actions"];
        put?: never;
        /** Post Action */
        post: operations["__main___post_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Labels */
        get: operations["__main___get_labels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Map */
        get: operations["__main___get_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Members */
        get: operations["__main___list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put Member */
        put: operations["__main___put_member"];
        post?: never;
        /** Delete Member */
        delete: operations["__main___delete_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Models */
        get: operations["__main___list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/redo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redo */
        post: operations["__main___redo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/training": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Train */
        post: operations["__main___train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo */
        post: operations["__main___undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Session */
        get: operations["__main___get_session"];
        put?: never;
        /** Post Session */
        post: operations["__main___post_session"];
        /** Delete Session */
        delete: operations["__main___delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Tokens */
        get: operations["__main___list_tokens"];
        put?: never;
        /** Create Token */
        post: operations["__main___create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete Token */
        delete: operations["__main___delete_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** ArrayRef */
        ArrayRef: {
            /** Dtype */
            dtype: string;
            /** Name */
            name: string;
            /** Shape */
            shape: number[];
            /** Url */
            url: string;
        };
        /** BackboneOut */
        BackboneOut: {
            /** Channels */
            channels: number;
            /** Detail */
            detail: string;
            /** Fit For Cpu */
            fit_for_cpu: boolean;
            /** Is Available */
            is_available: boolean;
            /** Licence */
            licence: string;
            /** Megabytes */
            megabytes: number;
            /** Name */
            name: string;
            /** Speed Class */
            speed_class: string;
            /** Title */
            title: string;
        };
        /** Box */
        Box: {
            /** Box */
            box: number[];
            /** Retention */
            retention: number;
        };
        /** CellsRef */
        CellsRef: {
            /** Bytes Per Cell */
            bytes_per_cell: number;
            /** Cell Px */
            cell_px: number;
            /**
             * Format
             * @constant
             */
            format: "bc1";
            /** Url */
            url: string;
        };
        /** ClassesChanged */
        ClassesChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "classes.changed";
        };
        /** ClassIn */
        ClassIn: {
            /** Colour */
            colour?: string | null;
            /** Hotkey */
            hotkey?: string | null;
            /** Name */
            name: string;
        };
        /** ClassMetricsOut */
        ClassMetricsOut: {
            /** Class Id */
            class_id: number;
            /** Num Predicted */
            num_predicted: number;
            /** Precision */
            precision: number | null;
            /** Recall */
            recall: number | null;
            /** Support */
            support: number;
        };
        /** ClassOut */
        ClassOut: {
            /** Colour */
            colour: string;
            /** Hotkey */
            hotkey: string;
            /** Id */
            id: number;
            /** Is Archived */
            is_archived: boolean;
            /** Name */
            name: string;
            /** Num Labels */
            num_labels: number;
            /** Position */
            position: number;
        };
        /** ClassPatch */
        ClassPatch: {
            /** Colour */
            colour?: string | null;
            /** Hotkey */
            hotkey?: string | null;
            /** Is Archived */
            is_archived?: boolean | null;
            /** Name */
            name?: string | null;
            /** Position */
            position?: number | null;
        };
        /** EntryOut */
        EntryOut: {
            /** Id */
            id: number;
            /** Image Index */
            image_index: number | null;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "added" | "duplicate" | "rejected";
            /** Path */
            path: string;
            /** Reason */
            reason: string;
        };
        /** EntryPage */
        EntryPage: {
            /** Items */
            items: components["schemas"]["EntryOut"][];
            /** Next */
            next: number | null;
        };
        /**
         * EventEnvelope
         * @description Carries the event union into the OpenAPI document, from which the browser's types are made.
         */
        EventEnvelope: {
            /** Event */
            event: components["schemas"]["LabelsChanged"] | components["schemas"]["JobProgress"] | components["schemas"]["JobFinished"] | components["schemas"]["ModelPublished"] | components["schemas"]["ProjectionPublished"] | components["schemas"]["ImagesAdded"] | components["schemas"]["ClassesChanged"] | components["schemas"]["ProjectChanged"] | components["schemas"]["Presence"];
        };
        /** ImageOut */
        ImageOut: {
            /** Class Id */
            class_id: number | null;
            /** Created At */
            created_at: string;
            /**
             * File Format
             * @default JPEG
             */
            file_format?: string;
            /** Height */
            height: number;
            /** Index */
            index: number;
            /**
             * Num Bytes
             * @default 34567
             */
            num_bytes?: number;
            /** Path */
            path: string;
            /**
             * Sha256
             * @default 0000000000000000000000000000000000000000000000000000000000000000
             */
            sha256?: string;
            /** Width */
            width: number;
        };
        /** ImagePage */
        ImagePage: {
            /** Items */
            items: components["schemas"]["ImageOut"][];
            /** Next */
            next: number | null;
        };
        /** ImagePrediction */
        ImagePrediction: {
            /** Box */
            box: number[];
            /** Class Id */
            class_id: number;
            /** Confidence */
            confidence: number;
            /** Model Version */
            model_version: number;
            /** Profile X */
            profile_x: number[];
            /** Profile Y */
            profile_y: number[];
            /** Retention */
            retention: number;
        };
        /** ImagesAdded */
        ImagesAdded: {
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "images.added";
        };
        /** ImportIn */
        ImportIn: {
            /**
             * Classes From Folders
             * @default false
             */
            classes_from_folders?: boolean;
            /** Name */
            name: string;
        };
        /** ImportOut */
        ImportOut: {
            /**
             * Classes From Folders
             * @default false
             */
            classes_from_folders?: boolean;
            /** Created At */
            created_at: string;
            /** Id */
            id: number;
            /** Job Id */
            job_id: number | null;
            /** Job State */
            job_state?: ("queued" | "running" | "succeeded" | "failed" | "cancelled") | null;
            /** Name */
            name: string;
            /** Num Added */
            num_added: number;
            /** Num Duplicate */
            num_duplicate: number;
            /** Num Files */
            num_files: number;
            /** Num Rejected */
            num_rejected: number;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "started";
        };
        /** JobFinished */
        JobFinished: {
            job: components["schemas"]["JobOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "job.finished";
        };
        /** JobOut */
        JobOut: {
            /** Created At */
            created_at: string;
            /** Done */
            done: number;
            /** Error Code */
            error_code: string;
            /** Error Message */
            error_message: string;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "import" | "features" | "training" | "projection";
            /** Project Id */
            project_id: number;
            /** Stage */
            stage: string;
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /** Summary */
            summary: string;
            /** Total */
            total: number;
        };
        /** JobProgress */
        JobProgress: {
            job: components["schemas"]["JobOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "job.progress";
        };
        /** LabelActionIn */
        LabelActionIn: {
            /** Class Id */
            class_id?: number | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Image Indexes */
            image_indexes: number[];
            /**
             * Kind
             * @default assign
             * @enum {string}
             */
            kind?: "assign" | "clear";
            /**
             * @default {
             *       "gesture": "api",
             *       "view": null,
             *       "polygon": null,
             *       "projection_id": null,
             *       "model_version": null,
             *       "retention": null,
             *       "seconds_shown": null
             *     }
             */
            provenance?: components["schemas"]["Provenance"];
        };
        /** LabelActionOut */
        LabelActionOut: {
            /** Annotator */
            annotator: string;
            /** Changes */
            changes: components["schemas"]["LabelChange"][];
            /** Class Id */
            class_id: number | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Created At */
            created_at: string;
            /** Image Indexes */
            image_indexes: number[];
            /**
             * Is Undone
             * @default false
             */
            is_undone?: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "assign" | "clear" | "undo";
            /** Num Changed */
            num_changed: number;
            /** Sequence */
            sequence: number;
            /**
             * Skipped
             * @default []
             */
            skipped?: number[];
            /** Undoes */
            undoes: number | null;
        };
        /** LabelActionPage */
        LabelActionPage: {
            /** Items */
            items: components["schemas"]["LabelActionOut"][];
            /** Next */
            next: number | null;
        };
        /** LabelChange */
        LabelChange: {
            /** Class Id */
            class_id: number | null;
            /** Image Indexes */
            image_indexes: number[];
        };
        /**
         * LabelsChanged
         * @description A label action took effect. `changes` is null when there are too many: read the labels again.
         */
        LabelsChanged: {
            /** Annotator */
            annotator: string;
            /** Changes */
            changes: components["schemas"]["LabelChange"][] | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Kind */
            kind: string;
            /** Sequence */
            sequence: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "labels.changed";
        };
        /** MapOut */
        MapOut: {
            /** Arrays */
            arrays: components["schemas"]["ArrayRef"][];
            /** Cells */
            cells: components["schemas"]["CellsRef"][];
            /**
             * Class Ids
             * @default []
             */
            class_ids?: number[];
            /** Label Sequence */
            label_sequence: number;
            /** Model Version */
            model_version: number | null;
            /** Num Images */
            num_images: number;
            profile_shape: components["schemas"]["ProfileShape"] | null;
            projections: components["schemas"]["Projections"];
            /**
             * Retention
             * @default 0.95
             */
            retention?: number;
        };
        /** MemberIn */
        MemberIn: {
            /**
             * Role
             * @enum {string}
             */
            role: "viewer" | "annotator" | "reviewer" | "admin";
        };
        /** MemberOut */
        MemberOut: {
            /**
             * Created At
             * @default 2026-11-01T10:00:00Z
             */
            created_at?: string;
            /**
             * Role
             * @enum {string}
             */
            role: "viewer" | "annotator" | "reviewer" | "admin";
            /** Username */
            username: string;
        };
        /** ModelOut */
        ModelOut: {
            /** Accuracy */
            accuracy: number | null;
            /** Accuracy High */
            accuracy_high: number | null;
            /** Accuracy Low */
            accuracy_low: number | null;
            /**
             * Backbone
             * @default mobilenet_v2
             */
            backbone?: string;
            /** Class Ids */
            class_ids: number[];
            /** Confusion */
            confusion: number[][];
            /** Created At */
            created_at: string;
            /**
             * Expected Calibration Error
             * @default 0.021
             */
            expected_calibration_error?: number | null;
            /**
             * Input Size Px
             * @default 224
             */
            input_size_px?: number;
            /**
             * Label Sequence
             * @default 12
             */
            label_sequence?: number;
            /** Num Heldout */
            num_heldout: number;
            /**
             * Num Images
             * @default 600
             */
            num_images?: number;
            /** Num Labels */
            num_labels: number;
            /** Number */
            number: number;
            /** Per Class */
            per_class: components["schemas"]["ClassMetricsOut"][];
            /**
             * Retention
             * @default 0.95
             */
            retention?: number;
            /**
             * Saliency Method
             * @default gradcam
             */
            saliency_method?: string;
            /**
             * Seconds
             * @default {
             *       "head": 3.2,
             *       "saliency": 1.9,
             *       "crop_features": 24,
             *       "projection": 5.5
             *     }
             */
            seconds?: {
                [key: string]: number;
            };
        };
        /** ModelPublished */
        ModelPublished: {
            /** Number */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "model.published";
        };
        /** ModelSummary */
        ModelSummary: {
            /** Accuracy */
            accuracy: number | null;
            /** Accuracy Change */
            accuracy_change: number | null;
            /** Accuracy High */
            accuracy_high: number | null;
            /** Accuracy Low */
            accuracy_low: number | null;
            /** Created At */
            created_at: string;
            /** Num Heldout */
            num_heldout: number;
            /** Num Labels */
            num_labels: number;
            /** Number */
            number: number;
        };
        /** Presence */
        Presence: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "presence";
            /** Users */
            users: string[];
        };
        /** ProfileShape */
        ProfileShape: {
            /** Height */
            height: number;
            /** Width */
            width: number;
        };
        /** ProjectChanged */
        ProjectChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "project.changed";
        };
        /** ProjectIn */
        ProjectIn: {
            /**
             * Backbone
             * @default mobilenet_v2
             */
            backbone?: string;
            /**
             * Labels Per Class To Train
             * @default 100
             */
            labels_per_class_to_train?: number;
            /** Name */
            name: string;
        };
        /** ProjectionPublished */
        ProjectionPublished: {
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "projection.published";
            /**
             * View
             * @enum {string}
             */
            view: "whole" | "crop";
        };
        /** ProjectionRef */
        ProjectionRef: {
            array: components["schemas"]["ArrayRef"];
            /** Id */
            id: number;
            /** Model Version */
            model_version: number | null;
            /** Num Images */
            num_images: number;
            /** Quality */
            quality: {
                [key: string]: number | null;
            };
        };
        /** Projections */
        Projections: {
            crop: components["schemas"]["ProjectionRef"] | null;
            whole: components["schemas"]["ProjectionRef"] | null;
        };
        /** ProjectOut */
        ProjectOut: {
            /** Backbone */
            backbone: string;
            /** Created At */
            created_at: string;
            /** Id */
            id: number;
            /** Input Size Px */
            input_size_px: number;
            /**
             * Label Sequence
             * @default 0
             */
            label_sequence?: number;
            /** Labels Per Class To Train */
            labels_per_class_to_train: number;
            /** Last Activity At */
            last_activity_at: string;
            model: components["schemas"]["ModelSummary"] | null;
            /** Name */
            name: string;
            /** Num Classes */
            num_classes: number;
            /** Num Images */
            num_images: number;
            /** Num Labelled */
            num_labelled: number;
            /** Retention */
            retention: number;
            /**
             * Role
             * @enum {string}
             */
            role: "viewer" | "annotator" | "reviewer" | "admin";
            /** Saliency Method */
            saliency_method: string;
            /** Weights Message */
            weights_message: string | null;
        };
        /** ProjectPatch */
        ProjectPatch: {
            /** Labels Per Class To Train */
            labels_per_class_to_train?: number | null;
            /** Name */
            name?: string | null;
            /** Retention */
            retention?: number | null;
        };
        /** Provenance */
        Provenance: {
            /**
             * Gesture
             * @default api
             * @enum {string}
             */
            gesture?: "lasso" | "box" | "click" | "grid" | "keyboard" | "import" | "api";
            /** Model Version */
            model_version?: number | null;
            /** Polygon */
            polygon?: number[][] | null;
            /** Projection Id */
            projection_id?: number | null;
            /** Retention */
            retention?: number | null;
            /** Seconds Shown */
            seconds_shown?: number | null;
            /** View */
            view?: ("whole" | "crop") | null;
        };
        /** Saliency */
        Saliency: {
            /** Boxes */
            boxes: components["schemas"]["Box"][];
            /** Height */
            height: number;
            /** Values */
            values: number[];
            /** Width */
            width: number;
        };
        /** SessionOut */
        SessionOut: {
            /** Csrf Token */
            csrf_token: string;
            user: components["schemas"]["UserOut"] | null;
        };
        /** SignIn */
        SignIn: {
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /** TokenCreated */
        TokenCreated: {
            /** Created At */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Prefix
             * @default lbl_12ab
             */
            prefix?: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "read" | "write" | "admin";
            /** Token */
            token: string;
        };
        /** TokenIn */
        TokenIn: {
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "read" | "write" | "admin";
        };
        /** TokenOut */
        TokenOut: {
            /** Created At */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Prefix
             * @default lbl_12ab
             */
            prefix?: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "read" | "write" | "admin";
        };
        /** UndoIn */
        UndoIn: {
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
        };
        /** UploadOut */
        UploadOut: {
            /** Num Files */
            num_files: number;
            /** Num Received */
            num_received: number;
        };
        /** UserOut */
        UserOut: {
            /** Id */
            id: number;
            /** Is Staff */
            is_staff: boolean;
            /** Username */
            username: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    __main___list_backbones: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackboneOut"][];
                };
            };
        };
    };
    __main___describe_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventEnvelope"];
                };
            };
        };
    };
    __main___list_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"][];
                };
            };
        };
    };
    __main___create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
        };
    };
    __main___get_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
        };
    };
    __main___delete_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___patch_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
        };
    };
    __main___get_array: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                array_id: string;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___cells16: {
        parameters: {
            query?: {
                count?: number;
                start?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___cells64: {
        parameters: {
            query: {
                indexes: string;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___list_classes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"][];
                };
            };
        };
    };
    __main___create_class: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClassIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"];
                };
            };
        };
    };
    __main___patch_class: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClassPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"];
                };
            };
        };
    };
    __main___export: {
        parameters: {
            query?: {
                format?: "csv" | "jsonl";
                retention?: number;
                sequence?: number | null;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___list_images: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePage"];
                };
            };
        };
    };
    __main___get_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageOut"];
                };
            };
        };
    };
    __main___list_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"][];
                };
            };
        };
    };
    __main___original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___prediction: {
        parameters: {
            query?: {
                retention?: number;
            };
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePrediction"];
                };
            };
        };
    };
    __main___saliency: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saliency"];
                };
            };
        };
    };
    __main___thumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___list_imports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"][];
                };
            };
        };
    };
    __main___create_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
        };
    };
    __main___list_entries: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
                outcome?: ("added" | "duplicate" | "rejected") | null;
            };
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
        };
    };
    __main___upload_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Files */
                    files: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    __main___start_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
        };
    };
    __main___list_jobs: {
        parameters: {
            query?: {
                active?: boolean;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"][];
                };
            };
        };
    };
    __main___cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
        };
    };
    __main___list_actions: {
        parameters: {
            query?: {
                after?: number;
                image_index?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionPage"];
                };
            };
        };
    };
    __main___post_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LabelActionIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
        };
    };
    __main___get_labels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___get_map: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapOut"];
                };
            };
        };
    };
    __main___list_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberOut"][];
                };
            };
        };
    };
    __main___put_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberOut"];
                };
            };
        };
    };
    __main___delete_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___list_models: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelOut"][];
                };
            };
        };
    };
    __main___redo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
        };
    };
    __main___train: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
        };
    };
    __main___undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
        };
    };
    __main___get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
        };
    };
    __main___post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
        };
    };
    __main___delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    __main___list_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"][];
                };
            };
        };
    };
    __main___create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
        };
    };
    __main___delete_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
