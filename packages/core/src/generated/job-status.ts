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
         * @description Status and completion percentage of a GraphQL query job. Once the job is complete, the response contains the URL from
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
         * @description Status and completion percentage of a standard job. Once the job is complete, the response contains the URL from
         *     which its results can be downloaded. Job results expire after 24 hours, at which point a new job has to be submitted.
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
         * @description The successor of `getGraphQlQueryJobStatus` (vendor SDK 0.11 and later), with the same response.
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
         * @description The status of a standard job. `ResultsExpired` follows a terminal status after 24 hours.
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
            /** @description The result itself when it is at most 20 MB, beside `url`; null when larger. */
            readonly rawResult?: string | null;
            /** @description Errors met while processing, as one string. */
            readonly errors?: string | null;
        };
        /**
         * @description The status of a GraphQL job.
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
             * Format: float
             * @description Progress, 0 – 100, with 32 bits.
             */
            readonly completionPercentage?: number | null;
            /** @description Where the result can be downloaded once the job is complete. */
            readonly url?: string | null;
            /** @description The result itself when it is at most 20 MB, beside `url`; null when larger. */
            readonly rawResult?: string | null;
            /** @description Why the GraphQL requests inside the job failed hard. */
            readonly queryGqlErrors?: readonly string[] | null;
        };
        readonly GraphQLQueryJobRetrievalResponse: {
            /** @description Absent or null when `errors` says why. */
            readonly job?: components["schemas"]["GraphQLJob"] | null;
            /** @description The reason why the job is missing. */
            readonly errors?: string | null;
        };
        readonly GraphQLBulkJobRetrievalResponse: {
            /** @description Absent or null when `errors` says why. */
            readonly job?: components["schemas"]["GraphQLJob"] | null;
            /** @description The reason why the job is missing. */
            readonly errors?: string | null;
        };
        /** @description A message of the gateway in front of the API, which writes no problem documents. */
        readonly GatewayMessage: {
            readonly message: string;
        } & {
            readonly [key: string]: unknown;
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
        /** @description The API rejected the request. Gateways in front of it send the same statuses with other content. */
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
        /** @description The token is invalid (a problem document), or there is none (a message of the gateway). */
        readonly Unauthorized: {
            headers: {
                readonly "x-ttd-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["GatewayMessage"] | components["schemas"]["ProblemDetails"];
                readonly "application/problem+json": components["schemas"]["ProblemDetails"];
                readonly "*/*": unknown;
            };
        };
        /** @description The API failed. It sends no body; gateways may. */
        readonly ServerError: {
            headers: {
                readonly "x-ttd-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The API is not available. It sends no body; gateways may. */
        readonly Unavailable: {
            headers: {
                readonly "x-ttd-request-id": components["headers"]["RequestId"];
                readonly "Retry-After": components["headers"]["RetryAfter"];
                readonly [name: string]: unknown;
            };
            content?: never;
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
        /** @description Identifies the request to the vendor's support. */
        readonly RequestId: string;
        /** @description When to retry, in seconds (upstream's form) or as an HTTP date (a gateway's). */
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
export type GatewayMessage = components['schemas']['GatewayMessage'];
export type ProblemDetails = components['schemas']['ProblemDetails'];
export type ResponseProblem = components['responses']['Problem'];
export type ResponseUnauthorized = components['responses']['Unauthorized'];
export type ResponseServerError = components['responses']['ServerError'];
export type ResponseUnavailable = components['responses']['Unavailable'];
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
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly 500: components["responses"]["ServerError"];
            readonly 503: components["responses"]["Unavailable"];
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
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly 500: components["responses"]["ServerError"];
            readonly 503: components["responses"]["Unavailable"];
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
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Problem"];
            readonly 404: components["responses"]["Problem"];
            readonly 500: components["responses"]["ServerError"];
            readonly 503: components["responses"]["Unavailable"];
            readonly "4XX": components["responses"]["ApiError"];
            readonly "5XX": components["responses"]["ApiError"];
        };
    };
}
