// Generated from job-status.yaml by generate-types. Do not edit: run `pnpm generate`.

export interface paths {
    readonly "/graphqlqueryjob/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the status of a previously submitted GraphQL query job.
         * @description Status and completion percentage of a GraphQL query job. Once the job is complete, the answer holds the URL from
         *     which its results can be downloaded. Renamed upstream in October 2025: see `getGraphQlBulkJobStatus`.
         */
        readonly get: operations["getGraphQlQueryJobStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/standardjob/{id}/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the status of a previously submitted job.
         * @description Status and completion percentage of a standard job. Once the job is complete, the answer holds the URL from which
         *     its results can be downloaded. Job results expire after 24 hours, at which point a new job has to be submitted.
         */
        readonly get: operations["getJobStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/graphqlbulkjob/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the status of a previously submitted GraphQL bulk job.
         * @description The successor of `getGraphQlQueryJobStatus` (vendor SDK 0.11 and later), with the same answer.
         */
        readonly get: operations["getGraphQlBulkJobStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Where a standard job stands. `ResultsExpired` follows a terminal status after 24 hours.
         * @enum {string}
         */
        readonly StandardJobStatus: "InProgress" | "Failure" | "Success" | "PartialSuccess" | "ResultsExpired";
        readonly StandardJobStatusResponse: {
            /**
             * Format: int64
             * @description The job.
             */
            readonly id: string;
            /**
             * Format: date-time
             * @description When the job was submitted. UTC, also where the offset is missing; up to seven fraction digits.
             */
            readonly createdAtUtc: string;
            readonly status: components["schemas"]["StandardJobStatus"];
            /**
             * Format: date-time
             * @description When the job ended. UTC.
             */
            readonly completedAtUtc?: string | null;
            /**
             * Format: double
             * @description Progress, 0 – 100.
             */
            readonly completionPercentage?: number | null;
            /** @description Where the result can be downloaded once the job is complete. */
            readonly url?: string | null;
            /** @description The result itself when it is at most 20 MB; null when larger. */
            readonly rawResult?: string | null;
            /** @description Errors met while processing, as one string. */
            readonly errors?: string | null;
        };
        /**
         * @description Where a GraphQL job stands.
         * @enum {string}
         */
        readonly GraphQLJobStatus: "Queued" | "InProgress" | "PartialSuccess" | "Failure" | "Success" | "Cancelled";
        readonly GraphQLJob: {
            /**
             * Format: int64
             * @description The job.
             */
            readonly id: string;
            /**
             * Format: date-time
             * @description When the job was submitted. UTC where the offset is missing; up to seven fraction digits.
             */
            readonly createdAt: string;
            readonly status: components["schemas"]["GraphQLJobStatus"];
            /** @description Errors met while the job ran. */
            readonly runtimeErrors: readonly string[] | null;
            /**
             * Format: date-time
             * @description When the job ended.
             */
            readonly completedAt?: string | null;
            /**
             * Format: double
             * @description Progress, 0 – 100.
             */
            readonly completionPercentage?: number | null;
            /** @description Where the result can be downloaded once the job is complete. */
            readonly url?: string | null;
            /** @description The result itself when it is at most 20 MB; null when larger. */
            readonly rawResult?: string | null;
            /** @description Why the GraphQL requests inside the job failed hard. */
            readonly queryGqlErrors?: readonly string[] | null;
        };
        readonly GraphQLQueryJobRetrievalResponse: {
            /** @description Absent or null when `errors` says why. */
            readonly job?: components["schemas"]["GraphQLJob"] | null;
            /** @description Why there is no job. */
            readonly errors?: string | null;
        };
        readonly GraphQLBulkJobRetrievalResponse: {
            /** @description Absent or null when `errors` says why. */
            readonly job?: components["schemas"]["GraphQLJob"] | null;
            /** @description Why there is no job. */
            readonly errors?: string | null;
        };
        /** @description RFC 9457, with every field optional and nullable, and any additional ones. */
        readonly ProblemDetails: {
            readonly type?: string | null;
            readonly title?: string | null;
            /** Format: int32 */
            readonly status?: number | null;
            readonly detail?: string | null;
            readonly instance?: string | null;
        } & {
            readonly [key: string]: unknown;
        };
    };
    responses: {
        /** @description The API refused and says why. Gateways in front of it answer the same statuses with other content. */
        readonly Problem: {
            headers: {
                readonly "x-ttd-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["ProblemDetails"];
                readonly "application/problem+json": components["schemas"]["ProblemDetails"];
                readonly "*/*": unknown;
            };
        };
        /** @description Any other failure, of the API (429, 5XX) or of a gateway in front of it, with any body or none. */
        readonly ApiError: {
            headers: {
                readonly "x-ttd-request-id": components["headers"]["RequestId"];
                readonly "Retry-After": components["headers"]["RetryAfter"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "*/*": unknown;
            };
        };
    };
    parameters: {
        readonly GraphQlJobId: string;
    };
    requestBodies: never;
    headers: {
        /** @description What the vendor's support asks for. */
        readonly RequestId: string;
        /** @description When to ask again, in seconds (upstream's form) or as an HTTP date (a gateway's). */
        readonly RetryAfter: string;
    };
    pathItems: never;
}
export type StandardJobStatus = components['schemas']['StandardJobStatus'];
export type StandardJobStatusResponse = components['schemas']['StandardJobStatusResponse'];
export type GraphQlJobStatus = components['schemas']['GraphQLJobStatus'];
export type GraphQlJob = components['schemas']['GraphQLJob'];
export type GraphQlQueryJobRetrievalResponse = components['schemas']['GraphQLQueryJobRetrievalResponse'];
export type GraphQlBulkJobRetrievalResponse = components['schemas']['GraphQLBulkJobRetrievalResponse'];
export type ProblemDetails = components['schemas']['ProblemDetails'];
export type ResponseProblem = components['responses']['Problem'];
export type ResponseApiError = components['responses']['ApiError'];
export type ParameterGraphQlJobId = components['parameters']['GraphQlJobId'];
export type HeaderRequestId = components['headers']['RequestId'];
export type HeaderRetryAfter = components['headers']['RetryAfter'];
export type $defs = Record<string, never>;
export interface operations {
    readonly getGraphQlQueryJobStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: components["parameters"]["GraphQlJobId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job as it stands. */
            readonly 200: {
                headers: {
                    readonly "x-ttd-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GraphQLQueryJobRetrievalResponse"];
                };
            };
            readonly 400: components["responses"]["Problem"];
            readonly 401: components["responses"]["Problem"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly "4XX": components["responses"]["ApiError"];
            readonly "5XX": components["responses"]["ApiError"];
        };
    };
    readonly getJobStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job as it stands. */
            readonly 200: {
                headers: {
                    readonly "x-ttd-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["StandardJobStatusResponse"];
                };
            };
            readonly 400: components["responses"]["Problem"];
            readonly 401: components["responses"]["Problem"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly "4XX": components["responses"]["ApiError"];
            readonly "5XX": components["responses"]["ApiError"];
        };
    };
    readonly getGraphQlBulkJobStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: components["parameters"]["GraphQlJobId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job as it stands. */
            readonly 200: {
                headers: {
                    readonly "x-ttd-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GraphQLBulkJobRetrievalResponse"];
                };
            };
            readonly 400: components["responses"]["Problem"];
            readonly 401: components["responses"]["Problem"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly "4XX": components["responses"]["ApiError"];
            readonly "5XX": components["responses"]["ApiError"];
        };
    };
}
