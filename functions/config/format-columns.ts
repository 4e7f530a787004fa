/** Written by `npm run formats -- --write`, from the formats: not by hand. */
export interface FormatColumns {
  /** Application Load Balancer access logs, every generation of trailing fields */
  readonly alb: {
    /** Type of the request: http, https, h2, grpcs, ws or wss */
    readonly type: 'STRING'
    /** When the load balancer answered the client */
    readonly time: 'TIMESTAMP'
    /** Resource id of the load balancer: app/<name>/<id> */
    readonly elb: 'STRING'
    /** Address of the client */
    readonly client_ip: 'STRING'
    /** Port of the client */
    readonly client_port: 'INT64'
    /** Address of the target that handled the request */
    readonly target_ip: 'STRING'
    /** Port of the target that handled the request */
    readonly target_port: 'INT64'
    /** Seconds from receiving the request to sending it to a target; -1 if it was not sent */
    readonly request_processing_time: 'FLOAT64'
    /** Seconds from sending the request to the target starting its answer; -1 if it did not */
    readonly target_processing_time: 'FLOAT64'
    /** Seconds from the target answering to the answer being sent on; -1 if it was not */
    readonly response_processing_time: 'FLOAT64'
    /** Status code the load balancer gave */
    readonly elb_status_code: 'INT64'
    /** Status code the target gave */
    readonly target_status_code: 'INT64'
    /** Bytes received from the client */
    readonly received_bytes: 'INT64'
    /** Bytes sent to the client */
    readonly sent_bytes: 'INT64'
    /** HTTP method */
    readonly request_verb: 'STRING'
    /** URL as the client asked for it */
    readonly request_url: 'STRING'
    /** HTTP version */
    readonly request_proto: 'STRING'
    /** User-Agent as delivered, escapes kept */
    readonly user_agent: 'STRING'
    /** TLS cipher */
    readonly ssl_cipher: 'STRING'
    /** TLS protocol */
    readonly ssl_protocol: 'STRING'
    /** ARN of the target group */
    readonly target_group_arn: 'STRING'
    /** X-Amzn-Trace-Id header */
    readonly trace_id: 'STRING'
    /** SNI domain of the TLS handshake */
    readonly domain_name: 'STRING'
    /** ARN of the certificate shown, or session-reused */
    readonly chosen_cert_arn: 'STRING'
    /** Priority of the rule that matched, 0 for the default rule, -1 for an error */
    readonly matched_rule_priority: 'STRING'
    /** When the load balancer received the request */
    readonly request_creation_time: 'TIMESTAMP'
    /** Actions taken, in order */
    readonly actions_executed: readonly ['STRING']
    /** Target of a redirect */
    readonly redirect_url: 'STRING'
    /** Error reason code of the failed action */
    readonly lambda_error_reason: 'STRING'
    /** Address and port of each target tried */
    readonly target_port_list: readonly ['STRING']
    /** Status code of each target tried */
    readonly target_status_code_list: readonly ['INT64']
    /** Desync classification: Acceptable, Ambiguous or Severe */
    readonly classification: 'STRING'
    /** Desync classification reason code */
    readonly classification_reason: 'STRING'
    /** Id shared by the log entries of one connection */
    readonly conn_trace_id: 'STRING'
    /** Host header after a transform */
    readonly transformed_host: 'STRING'
    /** URI after a transform */
    readonly transformed_uri: 'STRING'
    /** Whether the transform succeeded */
    readonly request_transform_status: 'STRING'
  }
  /** one JSON object a line: ECS, FireLens, any */
  readonly 'json-lines': {
    /** Severity, as the service names it */
    readonly level: 'STRING'
    /** The message */
    readonly message: 'STRING'
    /** Name of the logger */
    readonly logger: 'STRING'
    /** Trace the line belongs to */
    readonly trace_id: 'STRING'
    /** stdout or stderr */
    readonly stream: 'STRING'
    /** Container id */
    readonly container_id: 'STRING'
    /** Container name */
    readonly container_name: 'STRING'
    /** ECS cluster */
    readonly ecs_cluster: 'STRING'
    /** ARN of the ECS task */
    readonly ecs_task_arn: 'STRING'
    /** ECS task definition and revision */
    readonly ecs_task_definition: 'STRING'
  }
  /** Network Load Balancer TLS logs */
  readonly nlb: {
    /** Type of the listener: tls */
    readonly type: 'STRING'
    /** Version of the log entry */
    readonly version: 'STRING'
    /** When the connection was closed */
    readonly time: 'TIMESTAMP'
    /** Resource id of the load balancer: net/<name>/<id> */
    readonly elb: 'STRING'
    /** Resource id of the TLS listener */
    readonly listener_id: 'STRING'
    /** Address of the client */
    readonly client_ip: 'STRING'
    /** Port of the client */
    readonly client_port: 'INT64'
    /** Address of the target, or of the load balancer when the client never completed TLS */
    readonly target_ip: 'STRING'
    /** Port of the target, or of the load balancer when the client never completed TLS */
    readonly target_port: 'INT64'
    /** Milliseconds from the start of the connection to its end */
    readonly tcp_connection_time_ms: 'FLOAT64'
    /** Milliseconds of the TLS handshake */
    readonly tls_handshake_time_ms: 'FLOAT64'
    /** Bytes received from the client, decrypted */
    readonly received_bytes: 'INT64'
    /** Bytes sent to the client, decrypted */
    readonly sent_bytes: 'INT64'
    /** TLS alert received from the client */
    readonly incoming_tls_alert: 'INT64'
    /** ARN of the certificate shown */
    readonly cert_arn: 'STRING'
    /** Reserved */
    readonly certificate_serial: 'STRING'
    /** TLS cipher suite */
    readonly tls_cipher_suite: 'STRING'
    /** TLS protocol */
    readonly tls_protocol_version: 'STRING'
    /** Reserved */
    readonly tls_named_group: 'STRING'
    /** Server name in the ClientHello */
    readonly domain_name: 'STRING'
    /** Protocol negotiated with the client */
    readonly alpn_fe_protocol: 'STRING'
    /** Protocol negotiated with the target */
    readonly alpn_be_protocol: 'STRING'
    /** Protocols the client offered, in order */
    readonly alpn_client_preference_list: readonly ['STRING']
    /** When the connection began */
    readonly tls_connection_creation_time: 'TIMESTAMP'
  }
  /** Classic Load Balancer access logs, with and without user agent and TLS fields */
  readonly clb: {
    /** When the load balancer received the request */
    readonly timestamp: 'TIMESTAMP'
    /** Name of the load balancer */
    readonly elb_name: 'STRING'
    /** Address of the client */
    readonly request_ip: 'STRING'
    /** Port of the client */
    readonly request_port: 'INT64'
    /** Address of the instance that handled the request */
    readonly backend_ip: 'STRING'
    /** Port of the instance that handled the request */
    readonly backend_port: 'INT64'
    /** Seconds from receiving the request to sending it to an instance; -1 if it was not sent */
    readonly request_processing_time: 'FLOAT64'
    /** Seconds from sending the request to the instance starting its answer; -1 if it did not */
    readonly backend_processing_time: 'FLOAT64'
    /** Seconds from the instance answering to the answer being sent on; -1 if it was not */
    readonly client_response_time: 'FLOAT64'
    /** Status code the load balancer gave */
    readonly elb_response_code: 'INT64'
    /** Status code the instance gave */
    readonly backend_response_code: 'INT64'
    /** Bytes received from the client */
    readonly received_bytes: 'INT64'
    /** Bytes sent to the client */
    readonly sent_bytes: 'INT64'
    /** HTTP method */
    readonly request_verb: 'STRING'
    /** URL as the client asked for it */
    readonly url: 'STRING'
    /** HTTP version */
    readonly protocol: 'STRING'
    /** User-Agent as delivered, escapes kept */
    readonly user_agent: 'STRING'
    /** TLS cipher */
    readonly ssl_cipher: 'STRING'
    /** TLS protocol */
    readonly ssl_protocol: 'STRING'
  }
  /** Application Load Balancer connection logs */
  readonly 'alb-connection': {
    /** When the connection was established or failed */
    readonly time: 'TIMESTAMP'
    /** Address of the client */
    readonly client_ip: 'STRING'
    /** Port of the client */
    readonly client_port: 'INT64'
    /** Port of the listener */
    readonly listener_port: 'INT64'
    /** TLS protocol */
    readonly tls_protocol: 'STRING'
    /** TLS cipher */
    readonly tls_cipher: 'STRING'
    /** Seconds of the TLS handshake */
    readonly tls_handshake_latency: 'FLOAT64'
    /** Subject of the client certificate */
    readonly leaf_client_cert_subject: 'STRING'
    /** NotBefore and NotAfter of the client certificate */
    readonly leaf_client_cert_validity: 'STRING'
    /** Serial number of the client certificate */
    readonly leaf_client_cert_serial_number: 'STRING'
    /** Success, or Failed: and an error code */
    readonly tls_verify_status: 'STRING'
    /** Id shared by the log entries of one connection */
    readonly conn_trace_id: 'STRING'
    /** Key exchange group */
    readonly tls_keyexchange: 'STRING'
  }
  /** Application Load Balancer health check logs */
  readonly 'alb-health-check': {
    /** Type of the health check: http, https, h2, grpc or lambda */
    readonly type: 'STRING'
    /** When the health check began */
    readonly time: 'TIMESTAMP'
    /** Seconds the health check took */
    readonly latency: 'FLOAT64'
    /** Address of the target, or ARN of the function */
    readonly target_addr: 'STRING'
    /** Port of the target */
    readonly target_port: 'INT64'
    /** Name of the target group */
    readonly target_group_id: 'STRING'
    /** PASS or FAIL */
    readonly status: 'STRING'
    /** Code the target answered with */
    readonly status_code: 'INT64'
    /** Why the health check failed, such as TimedOut */
    readonly reason_code: 'STRING'
    /** Resource id of the load balancer: app/<name>/<id> */
    readonly elb: 'STRING'
    /** Address of the node of the load balancer */
    readonly ip_address: 'STRING'
  }
  /** API Gateway access logs in the common log format */
  readonly 'api-gateway-clf': {
    /** Address of the caller */
    readonly source_ip: 'STRING'
    /** Principal that signed the request */
    readonly caller: 'STRING'
    /** User of the request */
    readonly user: 'STRING'
    /** When the request was received */
    readonly request_time: 'TIMESTAMP'
    /** HTTP method */
    readonly http_method: 'STRING'
    /** URL as the client asked for it */
    readonly resource_path: 'STRING'
    /** HTTP version */
    readonly protocol: 'STRING'
    /** Status code of the answer */
    readonly status: 'INT64'
    /** Bytes of the body of the answer */
    readonly response_length: 'INT64'
    /** Id of the request, which a client may choose */
    readonly request_id: 'STRING'
    /** Id that API Gateway gave the request; of HTTP APIs the only one */
    readonly extended_request_id: 'STRING'
  }
  /** CloudFront standard logs: v1 with `#Fields` in any order or without, v2 JSON and Parquet */
  readonly cloudfront: {
    /** Date the viewer was answered, in UTC */
    readonly date: 'STRING'
    /** Time the viewer was answered, in UTC */
    readonly time: 'STRING'
    /** Edge location */
    readonly x_edge_location: 'STRING'
    /** Bytes sent to the viewer */
    readonly sc_bytes: 'INT64'
    /** Address of the viewer */
    readonly c_ip: 'STRING'
    /** HTTP method */
    readonly cs_method: 'STRING'
    /** Domain name of the distribution */
    readonly cs_host: 'STRING'
    /** Path of the URL */
    readonly cs_uri_stem: 'STRING'
    /** Status code of the answer; 000 when the viewer left before it */
    readonly sc_status: 'INT64'
    /** Referer header */
    readonly cs_referrer: 'STRING'
    /** User-Agent header */
    readonly cs_user_agent: 'STRING'
    /** Query string of the URL */
    readonly cs_uri_query: 'STRING'
    /** Cookie header */
    readonly cs_cookie: 'STRING'
    /** Hit, Miss, Error and others, after the last byte */
    readonly x_edge_result_type: 'STRING'
    /** Id of the request */
    readonly x_edge_request_id: 'STRING'
    /** Host header */
    readonly x_host_header: 'STRING'
    /** http, https, ws or wss */
    readonly cs_protocol: 'STRING'
    /** Bytes the viewer sent */
    readonly cs_bytes: 'INT64'
    /** Seconds from the request to the last byte of the answer */
    readonly time_taken: 'FLOAT64'
    /** X-Forwarded-For header */
    readonly x_forwarded_for: 'STRING'
    /** TLS protocol */
    readonly ssl_protocol: 'STRING'
    /** TLS cipher */
    readonly ssl_cipher: 'STRING'
    /** Hit, Miss, Error and others, before the answer */
    readonly x_edge_response_result_type: 'STRING'
    /** HTTP version */
    readonly cs_protocol_version: 'STRING'
    /** Outcome of field-level encryption */
    readonly fle_status: 'STRING'
    /** Fields encrypted at field level */
    readonly fle_encrypted_fields: 'INT64'
    /** Port of the viewer */
    readonly c_port: 'INT64'
    /** Seconds from the request to the first byte of the answer */
    readonly time_to_first_byte: 'FLOAT64'
    /** The result type, or more detail of an error */
    readonly x_edge_detailed_result_type: 'STRING'
    /** Content-Type of the answer */
    readonly sc_content_type: 'STRING'
    /** Content-Length of the answer */
    readonly sc_content_len: 'INT64'
    /** Start of the range in the answer */
    readonly sc_range_start: 'INT64'
    /** End of the range in the answer */
    readonly sc_range_end: 'INT64'
    /** When the viewer was answered */
    readonly timestamp: 'TIMESTAMP'
    /** When the viewer was answered, to the millisecond */
    readonly timestamp_ms: 'TIMESTAMP'
    /** Id of the distribution */
    readonly distributionid: 'STRING'
    /** Id of the distribution tenant */
    readonly distribution_tenant_id: 'STRING'
    /** Id of the TLS connection */
    readonly connection_id: 'STRING'
    /** Autonomous system of the viewer */
    readonly asn: 'INT64'
    /** Country of the viewer */
    readonly c_country: 'STRING'
    /** Path pattern of the cache behavior */
    readonly cache_behavior_path_pattern: 'STRING'
    /** Seconds to the first byte from the origin */
    readonly origin_fbl: 'FLOAT64'
    /** Seconds to the last byte from the origin */
    readonly origin_lbl: 'FLOAT64'
    /** What a viewer request function logged */
    readonly viewer_request_log_data: 'STRING'
    /** What a viewer response function logged */
    readonly viewer_response_log_data: 'STRING'
  }
  /** CloudFront real-time logs with all fields, or those that `fields` names */
  readonly 'cloudfront-realtime': {
    /** When the viewer was answered, to the millisecond */
    readonly timestamp: 'TIMESTAMP'
    /** Address of the viewer */
    readonly c_ip: 'STRING'
    /** Address of the edge server */
    readonly s_ip: 'STRING'
    /** Seconds from the request to the first byte of the answer */
    readonly time_to_first_byte: 'FLOAT64'
    /** Status code of the answer; 000 when the viewer left before it */
    readonly sc_status: 'INT64'
    /** Bytes sent to the viewer */
    readonly sc_bytes: 'INT64'
    /** HTTP method */
    readonly cs_method: 'STRING'
    /** http, https, ws or wss */
    readonly cs_protocol: 'STRING'
    /** Domain name of the distribution */
    readonly cs_host: 'STRING'
    /** Path and query string of the URL */
    readonly cs_uri_stem: 'STRING'
    /** Bytes the viewer sent */
    readonly cs_bytes: 'INT64'
    /** Edge location */
    readonly x_edge_location: 'STRING'
    /** Id of the request */
    readonly x_edge_request_id: 'STRING'
    /** Host header */
    readonly x_host_header: 'STRING'
    /** Seconds from the request to the last byte of the answer */
    readonly time_taken: 'FLOAT64'
    /** HTTP version */
    readonly cs_protocol_version: 'STRING'
    /** IPv4 or IPv6 */
    readonly c_ip_version: 'STRING'
    /** User-Agent header */
    readonly cs_user_agent: 'STRING'
    /** Referer header */
    readonly cs_referrer: 'STRING'
    /** Cookie header */
    readonly cs_cookie: 'STRING'
    /** Query string of the URL */
    readonly cs_uri_query: 'STRING'
    /** Hit, Miss, Error and others, before the answer */
    readonly x_edge_response_result_type: 'STRING'
    /** X-Forwarded-For header */
    readonly x_forwarded_for: 'STRING'
    /** TLS protocol */
    readonly ssl_protocol: 'STRING'
    /** TLS cipher */
    readonly ssl_cipher: 'STRING'
    /** Hit, Miss, Error and others, after the last byte */
    readonly x_edge_result_type: 'STRING'
    /** Fields encrypted at field level */
    readonly fle_encrypted_fields: 'INT64'
    /** Outcome of field-level encryption */
    readonly fle_status: 'STRING'
    /** Content-Type of the answer */
    readonly sc_content_type: 'STRING'
    /** Content-Length of the answer */
    readonly sc_content_len: 'INT64'
    /** Start of the range in the answer */
    readonly sc_range_start: 'INT64'
    /** End of the range in the answer */
    readonly sc_range_end: 'INT64'
    /** Port of the viewer */
    readonly c_port: 'INT64'
    /** The result type, or more detail of an error */
    readonly x_edge_detailed_result_type: 'STRING'
    /** Country of the viewer */
    readonly c_country: 'STRING'
    /** Accept-Encoding header */
    readonly cs_accept_encoding: 'STRING'
    /** Accept header */
    readonly cs_accept: 'STRING'
    /** Path pattern of the cache behavior */
    readonly cache_behavior_path_pattern: 'STRING'
    /** Headers of the request, cut off at 800 bytes */
    readonly cs_headers: 'STRING'
    /** Names of the headers of the request, cut off at 800 bytes */
    readonly cs_header_names: 'STRING'
    /** Headers of the request */
    readonly cs_headers_count: 'INT64'
    /** Id of the primary distribution */
    readonly primary_distribution_id: 'STRING'
    /** Domain name of the primary distribution */
    readonly primary_distribution_dns_name: 'STRING'
    /** Seconds to the first byte from the origin */
    readonly origin_fbl: 'FLOAT64'
    /** Seconds to the last byte from the origin */
    readonly origin_lbl: 'FLOAT64'
    /** Autonomous system of the viewer */
    readonly asn: 'INT64'
    /** encoded bitrate that the player sent (CMCD) */
    readonly cmcd_encoded_bitrate: 'STRING'
    /** buffer length that the player sent (CMCD) */
    readonly cmcd_buffer_length: 'STRING'
    /** buffer starvation that the player sent (CMCD) */
    readonly cmcd_buffer_starvation: 'STRING'
    /** content id that the player sent (CMCD) */
    readonly cmcd_content_id: 'STRING'
    /** object duration that the player sent (CMCD) */
    readonly cmcd_object_duration: 'STRING'
    /** deadline that the player sent (CMCD) */
    readonly cmcd_deadline: 'STRING'
    /** measured throughput that the player sent (CMCD) */
    readonly cmcd_measured_throughput: 'STRING'
    /** next object request that the player sent (CMCD) */
    readonly cmcd_next_object_request: 'STRING'
    /** next range request that the player sent (CMCD) */
    readonly cmcd_next_range_request: 'STRING'
    /** object type that the player sent (CMCD) */
    readonly cmcd_object_type: 'STRING'
    /** playback rate that the player sent (CMCD) */
    readonly cmcd_playback_rate: 'STRING'
    /** requested maximum throughput that the player sent (CMCD) */
    readonly cmcd_requested_maximum_throughput: 'STRING'
    /** streaming format that the player sent (CMCD) */
    readonly cmcd_streaming_format: 'STRING'
    /** session id that the player sent (CMCD) */
    readonly cmcd_session_id: 'STRING'
    /** stream type that the player sent (CMCD) */
    readonly cmcd_stream_type: 'STRING'
    /** startup that the player sent (CMCD) */
    readonly cmcd_startup: 'STRING'
    /** top bitrate that the player sent (CMCD) */
    readonly cmcd_top_bitrate: 'STRING'
    /** version that the player sent (CMCD) */
    readonly cmcd_version: 'STRING'
    /** Domain name of the origin that answered */
    readonly r_host: 'STRING'
    /** Why that origin was chosen */
    readonly sr_reason: 'STRING'
    /** Media quality confidence score */
    readonly x_edge_mqcs: 'INT64'
    /** Id of the distribution tenant */
    readonly distribution_tenant_id: 'STRING'
    /** Id of the TLS connection */
    readonly connection_id: 'STRING'
    /** What a viewer request function logged */
    readonly viewer_request_log_data: 'STRING'
    /** What a viewer response function logged */
    readonly viewer_response_log_data: 'STRING'
  }
  /** CloudTrail `Records` documents and events line by line; insights; digests passed over */
  readonly cloudtrail: {
    /** Version of the event format */
    readonly eventversion: 'STRING'
    /** Who made the request */
    readonly useridentity: 'JSON'
    /** When the request was completed */
    readonly eventtime: 'TIMESTAMP'
    /** Service the request was made to: <service>.amazonaws.com */
    readonly eventsource: 'STRING'
    /** Action requested */
    readonly eventname: 'STRING'
    /** Region the request was made to */
    readonly awsregion: 'STRING'
    /** Address or AWS service the request came from */
    readonly sourceipaddress: 'STRING'
    /** Agent the request was made with */
    readonly useragent: 'STRING'
    /** Error the service answered with */
    readonly errorcode: 'STRING'
    /** Message of that error */
    readonly errormessage: 'STRING'
    /** Parameters of the request */
    readonly requestparameters: 'JSON'
    /** Answer to a request that changes something */
    readonly responseelements: 'JSON'
    /** What is neither request nor answer */
    readonly additionaleventdata: 'JSON'
    /** Id the service gave the request */
    readonly requestid: 'STRING'
    /** Id of the event */
    readonly eventid: 'STRING'
    /** Whether the request only reads */
    readonly readonly: 'BOOL'
    /** Resources the request accessed */
    readonly resources: 'JSON'
    /** AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, AwsCloudTrailInsight, ... */
    readonly eventtype: 'STRING'
    /** Version of the API */
    readonly apiversion: 'STRING'
    /** Whether it is a management event */
    readonly managementevent: 'BOOL'
    /** Account that received the event */
    readonly recipientaccountid: 'STRING'
    /** What triggered a service event, and its result */
    readonly serviceeventdetails: 'JSON'
    /** Id shared by the events that one action gives several accounts */
    readonly sharedeventid: 'STRING'
    /** VPC endpoint the request went through */
    readonly vpcendpointid: 'STRING'
    /** Account that owns that endpoint */
    readonly vpcendpointaccountid: 'STRING'
    /** Management, Data, NetworkActivity or Insight */
    readonly eventcategory: 'STRING'
    /** Why and how an event was delivered late or again */
    readonly addendum: 'JSON'
    /** Whether the session began in the console */
    readonly sessioncredentialfromconsole: 'STRING'
    /** Edge device the request was made to */
    readonly edgedevicedetails: 'JSON'
    /** TLS version, cipher suite and host name of the request */
    readonly tlsdetails: 'JSON'
    /** What is unusual: of Insights events */
    readonly insightdetails: 'JSON'
  }
  /** CloudWatch Logs subscription and Firehose envelopes; control messages passed over */
  readonly 'cloudwatch-logs': {
    /** Account that owns the log group */
    readonly owner: 'STRING'
    /** Log group */
    readonly log_group: 'STRING'
    /** Log stream */
    readonly log_stream: 'STRING'
    /** Subscription filters that matched */
    readonly subscription_filters: readonly ['STRING']
    /** Id of the log event */
    readonly id: 'STRING'
    /** When it was logged */
    readonly timestamp: 'TIMESTAMP'
    /** What was logged */
    readonly message: 'STRING'
    /** Fields the filter took out of the message */
    readonly extracted_fields: 'JSON'
  }
  /** log groups of CloudWatch Logs exported to S3; JSON messages as `json-lines` */
  readonly 'cloudwatch-export': {
    /** Severity, as the service names it */
    readonly level: 'STRING'
    /** The message */
    readonly message: 'STRING'
    /** Name of the logger */
    readonly logger: 'STRING'
    /** Trace the line belongs to */
    readonly trace_id: 'STRING'
    /** stdout or stderr */
    readonly stream: 'STRING'
    /** Container id */
    readonly container_id: 'STRING'
    /** Container name */
    readonly container_name: 'STRING'
    /** ECS cluster */
    readonly ecs_cluster: 'STRING'
    /** ARN of the ECS task */
    readonly ecs_task_arn: 'STRING'
    /** ECS task definition and revision */
    readonly ecs_task_definition: 'STRING'
  }
  /** VPC and transit gateway flow logs, version 2 to 11, text and Parquet, custom fields from the header or `fields` */
  readonly 'vpc-flow': {
    /** Version of the record: the highest of its fields */
    readonly version: 'INT64'
    /** Account that owns the network interface or transit gateway */
    readonly account_id: 'STRING'
    /** Network interface */
    readonly interface_id: 'STRING'
    /** Source address, or that of the interface for outgoing traffic */
    readonly srcaddr: 'STRING'
    /** Destination address, or that of the interface for incoming traffic */
    readonly dstaddr: 'STRING'
    /** Source port */
    readonly srcport: 'INT64'
    /** Destination port */
    readonly dstport: 'INT64'
    /** IANA protocol number */
    readonly protocol: 'INT64'
    /** Packets transferred */
    readonly packets: 'INT64'
    /** Bytes transferred */
    readonly bytes: 'INT64'
    /** When the first packet of the interval was received */
    readonly start: 'TIMESTAMP'
    /** When the last packet of the interval was received */
    readonly end: 'TIMESTAMP'
    /** ACCEPT or REJECT */
    readonly action: 'STRING'
    /** OK, NODATA or SKIPDATA */
    readonly log_status: 'STRING'
    /** VPC */
    readonly vpc_id: 'STRING'
    /** Subnet */
    readonly subnet_id: 'STRING'
    /** Instance */
    readonly instance_id: 'STRING'
    /** Bits of the TCP flags seen */
    readonly tcp_flags: 'INT64'
    /** IPv4, IPv6 or EFA */
    readonly type: 'STRING'
    /** Source address in the packets */
    readonly pkt_srcaddr: 'STRING'
    /** Destination address in the packets */
    readonly pkt_dstaddr: 'STRING'
    /** Region */
    readonly region: 'STRING'
    /** Availability zone */
    readonly az_id: 'STRING'
    /** wavelength, outpost or localzone */
    readonly sublocation_type: 'STRING'
    /** Sublocation */
    readonly sublocation_id: 'STRING'
    /** AWS service of the source address */
    readonly pkt_src_aws_service: 'STRING'
    /** AWS service of the destination address */
    readonly pkt_dst_aws_service: 'STRING'
    /** ingress or egress */
    readonly flow_direction: 'STRING'
    /** Path that outgoing traffic takes */
    readonly traffic_path: 'INT64'
    /** Type of the resource: TransitGateway */
    readonly resource_type: 'STRING'
    /** Transit gateway */
    readonly tgw_id: 'STRING'
    /** Transit gateway attachment */
    readonly tgw_attachment_id: 'STRING'
    /** Account of the source VPC */
    readonly tgw_src_vpc_account_id: 'STRING'
    /** Account of the destination VPC */
    readonly tgw_dst_vpc_account_id: 'STRING'
    /** Source VPC */
    readonly tgw_src_vpc_id: 'STRING'
    /** Destination VPC */
    readonly tgw_dst_vpc_id: 'STRING'
    /** Source subnet */
    readonly tgw_src_subnet_id: 'STRING'
    /** Destination subnet */
    readonly tgw_dst_subnet_id: 'STRING'
    /** Source network interface */
    readonly tgw_src_eni: 'STRING'
    /** Destination network interface */
    readonly tgw_dst_eni: 'STRING'
    /** Source availability zone */
    readonly tgw_src_az_id: 'STRING'
    /** Destination availability zone */
    readonly tgw_dst_az_id: 'STRING'
    /** Attachment at the other end, by flow direction */
    readonly tgw_pair_attachment_id: 'STRING'
    /** Packets lost: no route */
    readonly packets_lost_no_route: 'INT64'
    /** Packets lost: a black hole */
    readonly packets_lost_blackhole: 'INT64'
    /** Packets lost: larger than the MTU */
    readonly packets_lost_mtu_exceeded: 'INT64'
    /** Packets lost: time to live expired */
    readonly packets_lost_ttl_expired: 'INT64'
    /** ARN of the ECS cluster */
    readonly ecs_cluster_arn: 'STRING'
    /** ECS cluster */
    readonly ecs_cluster_name: 'STRING'
    /** ARN of the ECS container instance */
    readonly ecs_container_instance_arn: 'STRING'
    /** ECS container instance */
    readonly ecs_container_instance_id: 'STRING'
    /** First container of the ECS task */
    readonly ecs_container_id: 'STRING'
    /** Second container of the ECS task */
    readonly ecs_second_container_id: 'STRING'
    /** ECS service */
    readonly ecs_service_name: 'STRING'
    /** ARN of the ECS task definition */
    readonly ecs_task_definition_arn: 'STRING'
    /** ARN of the ECS task */
    readonly ecs_task_arn: 'STRING'
    /** ECS task */
    readonly ecs_task_id: 'STRING'
    /** Why the traffic was rejected: BPA, EC */
    readonly reject_reason: 'STRING'
    /** Resource the interface belongs to, such as a NAT gateway */
    readonly resource_id: 'STRING'
    /** How the traffic was encrypted: 0 not, 1 by Nitro, 2 by the application, 3 by both */
    readonly encryption_status: 'INT64'
    /** Value of the first chosen tag of the instance */
    readonly instance_tag: 'STRING'
    /** Value of the second chosen tag of the instance */
    readonly instance_tag_2: 'STRING'
    /** Value of the first chosen tag of the interface */
    readonly interface_tag: 'STRING'
    /** Value of the second chosen tag of the interface */
    readonly interface_tag_2: 'STRING'
    /** Value of the first chosen tag of the auto scaling group */
    readonly asg_tag: 'STRING'
    /** Value of the second chosen tag of the auto scaling group */
    readonly asg_tag_2: 'STRING'
    /** Type of the network interface */
    readonly interface_type: 'STRING'
    /** Network interface of the next hop */
    readonly next_hop_interface_id: 'STRING'
    /** Subnet of the next hop */
    readonly next_hop_subnet_id: 'STRING'
    /** Availability zone of the next hop */
    readonly next_hop_az_id: 'STRING'
    /** VPC of the next hop */
    readonly next_hop_vpc_id: 'STRING'
    /** Type of the network interface of the next hop */
    readonly next_hop_interface_type: 'STRING'
  }
  /** Global Accelerator flow logs, version 1.0 and 2.0 */
  readonly 'global-accelerator': {
    /** Version of the record: 1.0, or 2.0 with the VPC */
    readonly version: 'STRING'
    /** Account of the flow log */
    readonly account: 'STRING'
    /** Accelerator */
    readonly acceleratorid: 'STRING'
    /** Address of the client */
    readonly clientip: 'STRING'
    /** Port of the client */
    readonly clientport: 'INT64'
    /** Address of the accelerator */
    readonly gip: 'STRING'
    /** Port of the accelerator */
    readonly gipport: 'INT64'
    /** Address of the endpoint */
    readonly endpointip: 'STRING'
    /** Port of the endpoint */
    readonly endpointport: 'INT64'
    /** Protocol, by name or IANA number */
    readonly protocol: 'STRING'
    /** IPv4 or IPv6 */
    readonly ipaddresstype: 'STRING'
    /** Packets transferred */
    readonly numpackets: 'INT64'
    /** Bytes transferred */
    readonly numbytes: 'INT64'
    /** Start of the capture window */
    readonly starttime: 'TIMESTAMP'
    /** End of the capture window */
    readonly endtime: 'TIMESTAMP'
    /** ACCEPT */
    readonly action: 'STRING'
    /** OK or SKIPDATA */
    readonly logstatus: 'STRING'
    /** Address Global Accelerator sends from, where it hides that of the client */
    readonly agasourceip: 'STRING'
    /** Port it sends from; 0 where it keeps that of the client */
    readonly agasourceport: 'INT64'
    /** Region of the endpoint */
    readonly endpointregion: 'STRING'
    /** Edge location that served the traffic */
    readonly agaregion: 'STRING'
    /** INGRESS or EGRESS */
    readonly direction: 'STRING'
    /** VPC of the endpoint, in version 2.0 */
    readonly vpc_id: 'STRING'
    /** Why traffic was not served: BPA */
    readonly reject_reason: 'STRING'
  }
  /** VPC Lattice access logs */
  readonly 'vpc-lattice': {
    /** When the request began */
    readonly starttime: 'TIMESTAMP'
    /** ARN of the service network */
    readonly servicenetworkarn: 'STRING'
    /** ARN of the service */
    readonly servicearn: 'STRING'
    /** Id of the listener */
    readonly listenerid: 'STRING'
    /** ARN of the target group */
    readonly targetgrouparn: 'STRING'
    /** ARN of the VPC the request came from */
    readonly sourcevpcarn: 'STRING'
    /** Id of that VPC */
    readonly sourcevpcid: 'STRING'
    /** Id of the VPC of the target */
    readonly destinationvpcid: 'STRING'
    /** Address and port of the client */
    readonly sourceipport: 'STRING'
    /** Address and port of the target */
    readonly targetipport: 'STRING'
    /** HTTP method */
    readonly requestmethod: 'STRING'
    /** Path of the request */
    readonly requestpath: 'STRING'
    /** Host or authority of the request */
    readonly hostheader: 'STRING'
    /** User-Agent of the request */
    readonly useragent: 'STRING'
    /** Protocol, such as HTTP/1.1 */
    readonly protocol: 'STRING'
    /** Status code of the response */
    readonly responsecode: 'INT64'
    /** gRPC status code of the response */
    readonly grpcresponsecode: 'INT64'
    /** Bytes received from the client */
    readonly bytesreceived: 'INT64'
    /** Bytes sent to the client */
    readonly bytessent: 'INT64'
    /** Milliseconds from the request to the end of the response */
    readonly duration: 'INT64'
    /** Milliseconds until the request was at the target */
    readonly requesttotargetduration: 'INT64'
    /** Milliseconds the response of the target took */
    readonly responsefromtargetduration: 'INT64'
    /** Why the request failed */
    readonly failurereason: 'STRING'
    /** Whose policy denied access: Service, Network or Identity */
    readonly authdeniedreason: 'STRING'
    /** ARN of the user who was signed in, Anonymous or Unknown */
    readonly resolveduser: 'STRING'
    /** Principal that was authenticated */
    readonly callerprincipal: 'STRING'
    /** Organisation of that principal */
    readonly callerprincipalorgid: 'STRING'
    /** Issuer of the client certificate */
    readonly callerx509issuerou: 'STRING'
    /** Common name of its subject */
    readonly callerx509subjectcn: 'STRING'
    /** Common name among its alternative names */
    readonly callerx509sannamecn: 'STRING'
    /** DNS name among them */
    readonly callerx509sandns: 'STRING'
    /** URI among them */
    readonly callerx509sanuri: 'STRING'
    /** TLS version */
    readonly tlsversion: 'STRING'
    /** TLS cipher */
    readonly sslcipher: 'STRING'
    /** Server name the client asked for */
    readonly servernameindication: 'STRING'
  }
  /** S3 server access logs, every generation of trailing fields */
  readonly 's3-access': {
    /** Canonical user id of the owner of the bucket */
    readonly bucketowner: 'STRING'
    /** Bucket the request was for */
    readonly bucket_name: 'STRING'
    /** When the request was received */
    readonly requestdatetime: 'TIMESTAMP'
    /** Address of the requester */
    readonly remoteip: 'STRING'
    /** Canonical user id or ARN of the requester */
    readonly requester: 'STRING'
    /** Id of the request */
    readonly requestid: 'STRING'
    /** Operation, such as REST.GET.OBJECT */
    readonly operation: 'STRING'
    /** Object key, URL-encoded as delivered */
    readonly key: 'STRING'
    /** Request line as delivered */
    readonly request_uri: 'STRING'
    /** Status code of the answer */
    readonly httpstatus: 'INT64'
    /** S3 error code */
    readonly errorcode: 'STRING'
    /** Bytes sent, without protocol overhead */
    readonly bytessent: 'INT64'
    /** Size of the object */
    readonly objectsize: 'INT64'
    /** Milliseconds from receiving the request to sending the last byte */
    readonly totaltime: 'INT64'
    /** Milliseconds S3 took to process the request */
    readonly turnaroundtime: 'INT64'
    /** Referer header as delivered */
    readonly referrer: 'STRING'
    /** User-Agent header as delivered */
    readonly useragent: 'STRING'
    /** Version id in the request */
    readonly versionid: 'STRING'
    /** Extended request id */
    readonly hostid: 'STRING'
    /** Signature version: SigV2 or SigV4 */
    readonly sigv: 'STRING'
    /** TLS cipher */
    readonly ciphersuite: 'STRING'
    /** AuthHeader, QueryString or POST */
    readonly authtype: 'STRING'
    /** Host header: the endpoint used */
    readonly endpoint: 'STRING'
    /** TLS version */
    readonly tlsversion: 'STRING'
    /** ARN of the access point */
    readonly accesspointarn: 'STRING'
    /** Yes if an ACL was required to authorise the request */
    readonly aclrequired: 'STRING'
    /** Region the request came from */
    readonly sourceregion: 'STRING'
  }
  /** WAF logs */
  readonly waf: {
    /** When the request was inspected */
    readonly timestamp: 'TIMESTAMP'
    /** Version of the log format */
    readonly formatversion: 'INT64'
    /** ARN of the web ACL */
    readonly webaclid: 'STRING'
    /** Rule that ended the inspection, or Default_Action */
    readonly terminatingruleid: 'STRING'
    /** REGULAR, RATE_BASED, GROUP or MANAGED_RULE_GROUP */
    readonly terminatingruletype: 'STRING'
    /** What that rule did: ALLOW, BLOCK, CAPTCHA or CHALLENGE */
    readonly action: 'STRING'
    /** What that rule matched */
    readonly terminatingrulematchdetails: 'JSON'
    /** Kind of the resource protected: CF, ALB, APIGW, APPSYNC, ... */
    readonly httpsourcename: 'STRING'
    /** Id of the resource protected */
    readonly httpsourceid: 'STRING'
    /** Rule groups that acted on the request */
    readonly rulegrouplist: 'JSON'
    /** Rate-based rules that acted on the request */
    readonly ratebasedrulelist: 'JSON'
    /** Rules that matched and did not end the inspection */
    readonly nonterminatingmatchingrules: 'JSON'
    /** Headers inserted for custom request handling */
    readonly requestheadersinserted: 'JSON'
    /** Status code of a custom response */
    readonly responsecodesent: 'INT64'
    /** Address of the client */
    readonly httprequest_clientip: 'STRING'
    /** Country of that address */
    readonly httprequest_country: 'STRING'
    /** Headers, in order, as {name, value} */
    readonly httprequest_headers: 'JSON'
    /** URI path */
    readonly httprequest_uri: 'STRING'
    /** Query string */
    readonly httprequest_args: 'STRING'
    /** HTTP version */
    readonly httprequest_httpversion: 'STRING'
    /** HTTP method */
    readonly httprequest_httpmethod: 'STRING'
    /** Id the resource gave the request */
    readonly httprequest_requestid: 'STRING'
    /** URL fragment */
    readonly httprequest_fragment: 'STRING'
    /** URL scheme */
    readonly httprequest_scheme: 'STRING'
    /** Host header */
    readonly httprequest_host: 'STRING'
    /** Labels on the request */
    readonly labels: 'JSON'
    /** Outcome of a CAPTCHA */
    readonly captcharesponse: 'JSON'
    /** Outcome of a challenge */
    readonly challengeresponse: 'JSON'
    /** JA3 fingerprint of the TLS handshake */
    readonly ja3fingerprint: 'STRING'
    /** JA4 fingerprint of the TLS handshake */
    readonly ja4fingerprint: 'STRING'
    /** Parts of the request too large to be inspected whole */
    readonly oversizefields: readonly ['STRING']
    /** Bytes of the request body */
    readonly requestbodysize: 'INT64'
    /** Bytes of it that were inspected */
    readonly requestbodysizeinspectedbywaf: 'INT64'
  }
  /** Route 53 Resolver query logs */
  readonly 'route53-resolver': {
    /** Version of the log format */
    readonly version: 'STRING'
    /** Account of the VPC */
    readonly account_id: 'STRING'
    /** Region of the VPC */
    readonly region: 'STRING'
    /** VPC the query came from */
    readonly vpc_id: 'STRING'
    /** When the query was made */
    readonly query_timestamp: 'TIMESTAMP'
    /** Name asked for, with its final dot */
    readonly query_name: 'STRING'
    /** Type of record asked for */
    readonly query_type: 'STRING'
    /** Class of the query */
    readonly query_class: 'STRING'
    /** Response code */
    readonly rcode: 'STRING'
    /** Records answered, as {Rdata, Type, Class} */
    readonly answers: 'JSON'
    /** Address the query came from */
    readonly srcaddr: 'STRING'
    /** Port the query came from */
    readonly srcport: 'INT64'
    /** UDP or TCP */
    readonly transport: 'STRING'
    /** Instance the query came from */
    readonly srcids_instance: 'STRING'
    /** Resolver endpoint the query went through */
    readonly srcids_resolver_endpoint: 'STRING'
    /** Network interface of that endpoint */
    readonly srcids_resolver_network_interface: 'STRING'
    /** What DNS Firewall did: ALLOW, BLOCK or ALERT */
    readonly firewall_rule_action: 'STRING'
    /** DNS Firewall rule group that matched */
    readonly firewall_rule_group_id: 'STRING'
    /** DNS Firewall domain list that matched */
    readonly firewall_domain_list_id: 'STRING'
  }
  /** Route 53 public DNS query logs, as they leave CloudWatch Logs */
  readonly 'route53-query': {
    /** Version of the log format */
    readonly version: 'STRING'
    /** When Route 53 answered */
    readonly query_timestamp: 'TIMESTAMP'
    /** Hosted zone */
    readonly hosted_zone_id: 'STRING'
    /** Name asked for */
    readonly query_name: 'STRING'
    /** Type of record asked for, or ANY */
    readonly query_type: 'STRING'
    /** DNS response code */
    readonly response_code: 'STRING'
    /** UDP or TCP */
    readonly layer_4_protocol: 'STRING'
    /** Edge location that answered */
    readonly edge_location: 'STRING'
    /** Address of the resolver that asked */
    readonly resolver_ip: 'STRING'
    /** Part of the address of the client, where the resolver gives it */
    readonly edns_client_subnet: 'STRING'
  }
  /** Network Firewall alert, flow and TLS logs */
  readonly 'network-firewall': {
    /** Name of the firewall */
    readonly firewall_name: 'STRING'
    /** Availability zone of the firewall endpoint */
    readonly availability_zone: 'STRING'
    /** When the log entry was made */
    readonly event_timestamp: 'TIMESTAMP'
    /** When it happened */
    readonly timestamp: 'TIMESTAMP'
    /** netflow, alert, tls, ... */
    readonly event_type: 'STRING'
    /** Id of the flow */
    readonly flow_id: 'INT64'
    /** Source address */
    readonly src_ip: 'STRING'
    /** Source port */
    readonly src_port: 'INT64'
    /** Destination address */
    readonly dest_ip: 'STRING'
    /** Destination port */
    readonly dest_port: 'INT64'
    /** Transport protocol */
    readonly proto: 'STRING'
    /** Application protocol */
    readonly app_proto: 'STRING'
    /** Server name of a TLS inspection log */
    readonly sni: 'STRING'
    /** Packets, bytes, start and end of a flow */
    readonly netflow: 'JSON'
    /** Rule that matched, and its action */
    readonly alert: 'JSON'
    /** What became of the packet */
    readonly verdict: 'JSON'
    /** HTTP request */
    readonly http: 'JSON'
    /** TLS handshake */
    readonly tls: 'JSON'
    /** TCP flags */
    readonly tcp: 'JSON'
    /** Why TLS inspection failed */
    readonly tls_error: 'JSON'
    /** What the check of a certificate found */
    readonly revocation_check: 'JSON'
  }
  /** GuardDuty findings as exported to S3 */
  readonly guardduty: {
    /** Version of the finding format */
    readonly schemaversion: 'STRING'
    /** Account the finding is about */
    readonly accountid: 'STRING'
    /** Region of the finding */
    readonly region: 'STRING'
    /** Partition of that region, such as aws */
    readonly partition: 'STRING'
    /** Id of the finding, the same for all its updates */
    readonly id: 'STRING'
    /** ARN of the finding */
    readonly arn: 'STRING'
    /** Type of the finding, such as Recon:EC2/PortProbeUnprotectedPort */
    readonly type: 'STRING'
    /** What was attacked, or was the attacker */
    readonly resource: 'JSON'
    /** What happened: action, evidence, count, first and last time */
    readonly service: 'JSON'
    /** Severity, from 1 to 10 */
    readonly severity: 'FLOAT64'
    /** Confidence in the finding */
    readonly confidence: 'FLOAT64'
    /** When the finding was made */
    readonly createdat: 'TIMESTAMP'
    /** When it was updated last */
    readonly updatedat: 'TIMESTAMP'
    /** Title of the finding */
    readonly title: 'STRING'
    /** What was found */
    readonly description: 'STRING'
    /** ARN of the attack sequence it is part of */
    readonly associatedattacksequencearn: 'STRING'
  }
  /** OCSF events: Security Lake, Parquet and JSON; Verified Access */
  readonly 'security-lake': {
    /** When it happened */
    readonly time: 'TIMESTAMP'
    /** When it began, or the first of several */
    readonly start_time: 'TIMESTAMP'
    /** When it ended, or the last of several */
    readonly end_time: 'TIMESTAMP'
    /** Milliseconds it took */
    readonly duration: 'INT64'
    /** How often it happened */
    readonly count: 'INT64'
    /** Class of the event: 3005, 4001, 6003, ... */
    readonly class_uid: 'INT64'
    /** Name of the class */
    readonly class_name: 'STRING'
    /** Category of the class: 3 identity, 4 network, 6 application, ... */
    readonly category_uid: 'INT64'
    /** Name of the category */
    readonly category_name: 'STRING'
    /** Activity within the class */
    readonly activity_id: 'INT64'
    /** Name of the activity */
    readonly activity_name: 'STRING'
    /** Class and activity: class_uid * 100 + activity_id */
    readonly type_uid: 'INT64'
    /** Name of class and activity */
    readonly type_name: 'STRING'
    /** Severity: 1 informational to 6 fatal */
    readonly severity_id: 'INT64'
    /** Name of the severity */
    readonly severity: 'STRING'
    /** 1 success, 2 failure */
    readonly status_id: 'INT64'
    /** Name of the status */
    readonly status: 'STRING'
    /** Status as the source writes it */
    readonly status_code: 'STRING'
    /** Details of the status */
    readonly status_detail: 'STRING'
    /** What a control did: Allowed, Denied */
    readonly action: 'STRING'
    /** What came of it */
    readonly disposition: 'STRING'
    /** Description of the event */
    readonly message: 'STRING'
    /** Product that reported the event */
    readonly metadata_product_name: 'STRING'
    /** Vendor of the product */
    readonly metadata_product_vendor_name: 'STRING'
    /** Version of the product */
    readonly metadata_product_version: 'STRING'
    /** Feature of the product */
    readonly metadata_product_feature_name: 'STRING'
    /** Version of the schema */
    readonly metadata_version: 'STRING'
    /** Id of the event */
    readonly metadata_uid: 'STRING'
    /** Kind of event as the product names it */
    readonly metadata_event_code: 'STRING'
    /** Profiles of the schema in use */
    readonly metadata_profiles: readonly ['STRING']
    /** Cloud provider */
    readonly cloud_provider: 'STRING'
    /** Region */
    readonly cloud_region: 'STRING'
    /** Account */
    readonly cloud_account_uid: 'STRING'
    /** Name of the user who acted */
    readonly actor_user_name: 'STRING'
    /** Id of that user */
    readonly actor_user_uid: 'STRING'
    /** Type of that user */
    readonly actor_user_type: 'STRING'
    /** Mail address of that user */
    readonly actor_user_email_addr: 'STRING'
    /** Who issued the session */
    readonly actor_session_issuer: 'STRING'
    /** Id of the session */
    readonly actor_session_uid: 'STRING'
    /** Service that acted for the user */
    readonly actor_invoked_by: 'STRING'
    /** Source address */
    readonly src_endpoint_ip: 'STRING'
    /** Source port */
    readonly src_endpoint_port: 'INT64'
    /** Source domain */
    readonly src_endpoint_domain: 'STRING'
    /** Source host */
    readonly src_endpoint_hostname: 'STRING'
    /** Source instance */
    readonly src_endpoint_instance_uid: 'STRING'
    /** Source network interface */
    readonly src_endpoint_interface_uid: 'STRING'
    /** Source VPC */
    readonly src_endpoint_vpc_uid: 'STRING'
    /** Destination address */
    readonly dst_endpoint_ip: 'STRING'
    /** Destination port */
    readonly dst_endpoint_port: 'INT64'
    /** Destination domain */
    readonly dst_endpoint_domain: 'STRING'
    /** Destination host */
    readonly dst_endpoint_hostname: 'STRING'
    /** Destination instance */
    readonly dst_endpoint_instance_uid: 'STRING'
    /** Destination network interface */
    readonly dst_endpoint_interface_uid: 'STRING'
    /** Destination service */
    readonly dst_endpoint_svc_name: 'STRING'
    /** Destination VPC */
    readonly dst_endpoint_vpc_uid: 'STRING'
    /** IANA protocol number */
    readonly connection_info_protocol_num: 'INT64'
    /** Direction of the traffic */
    readonly connection_info_direction: 'STRING'
    /** Bytes transferred */
    readonly traffic_bytes: 'INT64'
    /** Packets transferred */
    readonly traffic_packets: 'INT64'
    /** Operation called */
    readonly api_operation: 'STRING'
    /** Service called */
    readonly api_service_name: 'STRING'
    /** Id of the request */
    readonly api_request_uid: 'STRING'
    /** Error of the response */
    readonly api_response_error: 'STRING'
    /** Message of that error */
    readonly api_response_message: 'STRING'
    /** HTTP method */
    readonly http_request_http_method: 'STRING'
    /** Host of the URL */
    readonly http_request_url_hostname: 'STRING'
    /** Path of the URL */
    readonly http_request_url_path: 'STRING'
    /** User agent */
    readonly http_request_user_agent: 'STRING'
    /** HTTP status code */
    readonly http_response_code: 'INT64'
    /** Name asked for */
    readonly query_hostname: 'STRING'
    /** Type of record asked for */
    readonly query_type: 'STRING'
    /** Response code of DNS */
    readonly rcode: 'STRING'
    /** Id of a finding */
    readonly finding_info_uid: 'STRING'
    /** Title of a finding */
    readonly finding_info_title: 'STRING'
    /** Resources concerned */
    readonly resources: 'JSON'
    /** Values worth looking for, by where they stand */
    readonly observables: 'JSON'
    /** What the schema has no attribute for */
    readonly unmapped: 'JSON'
    /** The event as it was logged */
    readonly raw_data: 'STRING'
  }
  /** API Gateway access logs as JSON, under the names of the examples or the variables */
  readonly 'api-gateway': {
    /** Id of the request */
    readonly requestid: 'STRING'
    /** Id that API Gateway gave the request */
    readonly extendedrequestid: 'STRING'
    /** Address of the client */
    readonly ip: 'STRING'
    /** Principal that signed the request */
    readonly caller: 'STRING'
    /** User that is authorised */
    readonly user: 'STRING'
    /** ARN of that user */
    readonly userarn: 'STRING'
    /** User-Agent of the request */
    readonly useragent: 'STRING'
    /** Principal that an authorizer found */
    readonly principalid: 'STRING'
    /** When the request came, to the second */
    readonly requesttime: 'TIMESTAMP'
    /** When the request came */
    readonly requesttimeepoch: 'TIMESTAMP'
    /** HTTP method */
    readonly httpmethod: 'STRING'
    /** Path of the request */
    readonly path: 'STRING'
    /** Path of the resource, with its parameters by name */
    readonly resourcepath: 'STRING'
    /** Id of the resource */
    readonly resourceid: 'STRING'
    /** Route of an HTTP or WebSocket API */
    readonly routekey: 'STRING'
    /** Protocol, such as HTTP/1.1 */
    readonly protocol: 'STRING'
    /** Status code of the response */
    readonly status: 'INT64'
    /** Bytes of the response */
    readonly responselength: 'INT64'
    /** Milliseconds the response took */
    readonly responselatency: 'INT64'
    /** Bytes processed */
    readonly dataprocessed: 'INT64'
    /** Account of the API */
    readonly accountid: 'STRING'
    /** Id of the API */
    readonly apiid: 'STRING'
    /** Stage of the API */
    readonly stage: 'STRING'
    /** Domain the API was called by */
    readonly domainname: 'STRING'
    /** Milliseconds the integration took */
    readonly integrationlatency: 'INT64'
    /** Status code of the integration */
    readonly integrationstatus: 'INT64'
    /** Id the integration gave the request */
    readonly integrationrequestid: 'STRING'
    /** Error of the integration */
    readonly integrationerrormessage: 'STRING'
    /** Error of API Gateway */
    readonly errormessage: 'STRING'
    /** Kind of that error */
    readonly errorresponsetype: 'STRING'
    /** Error of the authorizer */
    readonly authorizererror: 'STRING'
    /** Milliseconds the authorizer took */
    readonly authorizerlatency: 'INT64'
    /** Status code of the authorizer */
    readonly authorizerstatus: 'INT64'
    /** What WAF did: WAF_ALLOW or WAF_BLOCK */
    readonly wafresponsecode: 'STRING'
    /** Trace of X-Ray */
    readonly xraytraceid: 'STRING'
    /** CONNECT, MESSAGE or DISCONNECT */
    readonly eventtype: 'STRING'
    /** Id of a WebSocket connection */
    readonly connectionid: 'STRING'
    /** Id of a WebSocket message */
    readonly messageid: 'STRING'
  }
  /** Kubernetes audit events, audit.k8s.io/v1, of EKS too */
  readonly 'kubernetes-audit': {
    /** Event */
    readonly kind: 'STRING'
    /** audit.k8s.io/v1 */
    readonly apiversion: 'STRING'
    /** How much of the request is logged: Metadata, Request or RequestResponse */
    readonly level: 'STRING'
    /** Id of the request */
    readonly auditid: 'STRING'
    /** RequestReceived, ResponseStarted, ResponseComplete or Panic */
    readonly stage: 'STRING'
    /** URI as the client asked for it */
    readonly requesturi: 'STRING'
    /** Verb of Kubernetes; of other requests, the HTTP method */
    readonly verb: 'STRING'
    /** Who made the request */
    readonly user_username: 'STRING'
    /** Id of that user */
    readonly user_uid: 'STRING'
    /** Groups of that user */
    readonly user_groups: readonly ['STRING']
    /** What the authenticator says beyond that */
    readonly user_extra: 'JSON'
    /** Whom the user impersonated */
    readonly impersonateduser_username: 'STRING'
    /** Id of the impersonated user */
    readonly impersonateduser_uid: 'STRING'
    /** Groups of the impersonated user */
    readonly impersonateduser_groups: readonly ['STRING']
    /** What is said of it beyond that */
    readonly impersonateduser_extra: 'JSON'
    /** Addresses the request came from, proxies last */
    readonly sourceips: readonly ['STRING']
    /** User-Agent of the request */
    readonly useragent: 'STRING'
    /** Kind of the object, such as pods */
    readonly objectref_resource: 'STRING'
    /** Namespace of the object */
    readonly objectref_namespace: 'STRING'
    /** Name of the object */
    readonly objectref_name: 'STRING'
    /** Id of the object */
    readonly objectref_uid: 'STRING'
    /** API group of the object; absent for the core group */
    readonly objectref_apigroup: 'STRING'
    /** Version of that group */
    readonly objectref_apiversion: 'STRING'
    /** Version of the object */
    readonly objectref_resourceversion: 'STRING'
    /** Part of the object, such as status or log */
    readonly objectref_subresource: 'STRING'
    /** HTTP status code */
    readonly responsestatus_code: 'INT64'
    /** Success or Failure */
    readonly responsestatus_status: 'STRING'
    /** Why the request failed, in a word */
    readonly responsestatus_reason: 'STRING'
    /** Why the request failed */
    readonly responsestatus_message: 'STRING'
    /** What is known of the failure beyond that */
    readonly responsestatus_details: 'JSON'
    /** Metadata of the status: empty as a rule */
    readonly responsestatus_metadata: 'JSON'
    /** Object of the request: at levels Request and RequestResponse */
    readonly requestobject: 'JSON'
    /** Object of the response: at level RequestResponse */
    readonly responseobject: 'JSON'
    /** When the API server got the request */
    readonly requestreceivedtimestamp: 'TIMESTAMP'
    /** When the request reached this stage */
    readonly stagetimestamp: 'TIMESTAMP'
    /** What plugins say of the request: decision, reason, ... */
    readonly annotations: 'JSON'
  }
  /** systemd journal, as `journalctl -o json` writes it */
  readonly journald: {
    /** The message */
    readonly message: 'STRING'
    /** Id of the kind of message */
    readonly message_id: 'STRING'
    /** Severity as in syslog: 0 emergency to 7 debug */
    readonly priority: 'INT64'
    /** Error number of the system */
    readonly errno: 'INT64'
    /** Source file of the message */
    readonly code_file: 'STRING'
    /** Its line */
    readonly code_line: 'INT64'
    /** Its function */
    readonly code_func: 'STRING'
    /** Facility of syslog */
    readonly syslog_facility: 'INT64'
    /** Name the program logs under */
    readonly syslog_identifier: 'STRING'
    /** Process id as the program says it */
    readonly syslog_pid: 'INT64'
    /** Time as the program wrote it */
    readonly syslog_timestamp: 'STRING'
    /** Unit that a message of systemd is about */
    readonly unit: 'STRING'
    /** Process id */
    readonly pid: 'INT64'
    /** User id of the process */
    readonly uid: 'INT64'
    /** Group id of the process */
    readonly gid: 'INT64'
    /** Name of the process */
    readonly comm: 'STRING'
    /** Executable of the process */
    readonly exe: 'STRING'
    /** Command line of the process */
    readonly cmdline: 'STRING'
    /** Capabilities of the process */
    readonly cap_effective: 'STRING'
    /** Session of the kernel audit */
    readonly audit_session: 'STRING'
    /** Login user of the kernel audit */
    readonly audit_loginuid: 'STRING'
    /** Control group of the process */
    readonly systemd_cgroup: 'STRING'
    /** Slice of the process */
    readonly systemd_slice: 'STRING'
    /** Unit of the process */
    readonly systemd_unit: 'STRING'
    /** Unit of the user manager, if any */
    readonly systemd_user_unit: 'STRING'
    /** Login session */
    readonly systemd_session: 'STRING'
    /** Id of the run of the unit */
    readonly systemd_invocation_id: 'STRING'
    /** SELinux context of the process */
    readonly selinux_context: 'STRING'
    /** When the program sent the message */
    readonly source_realtime_timestamp: 'TIMESTAMP'
    /** Id of the boot */
    readonly boot_id: 'STRING'
    /** Id of the machine */
    readonly machine_id: 'STRING'
    /** Host the entry is of */
    readonly hostname: 'STRING'
    /** How the entry came: journal, syslog, stdout, kernel, audit or driver */
    readonly transport: 'STRING'
    /** Id of the connection to standard output */
    readonly stream_id: 'STRING'
    /** initrd or system */
    readonly runtime_scope: 'STRING'
    /** Id of the container, from its runtime */
    readonly container_id: 'STRING'
    /** Name of the container, from its runtime */
    readonly container_name: 'STRING'
    /** Image of the container, from its runtime */
    readonly image_name: 'STRING'
    /** Place of the entry in the journal */
    readonly cursor: 'STRING'
    /** When the journal got the entry */
    readonly realtime_timestamp: 'TIMESTAMP'
    /** Microseconds from the boot to then */
    readonly monotonic_timestamp: 'INT64'
    /** Number of the entry in its sequence */
    readonly seqnum: 'INT64'
    /** Id of that sequence */
    readonly seqnum_id: 'STRING'
  }
  /** container logs of Docker (json-file); JSON messages as `json-lines` */
  readonly docker: {
    /** Severity, as the service names it */
    readonly level: 'STRING'
    /** The message */
    readonly message: 'STRING'
    /** Name of the logger */
    readonly logger: 'STRING'
    /** Trace the line belongs to */
    readonly trace_id: 'STRING'
    /** stdout or stderr */
    readonly stream: 'STRING'
    /** Container id */
    readonly container_id: 'STRING'
    /** Container name */
    readonly container_name: 'STRING'
    /** ECS cluster */
    readonly ecs_cluster: 'STRING'
    /** ARN of the ECS task */
    readonly ecs_task_arn: 'STRING'
    /** ECS task definition and revision */
    readonly ecs_task_definition: 'STRING'
  }
  /** container logs of Kubernetes nodes, as containerd and CRI-O write them; JSON messages as `json-lines` */
  readonly cri: {
    /** Severity, as the service names it */
    readonly level: 'STRING'
    /** The message */
    readonly message: 'STRING'
    /** Name of the logger */
    readonly logger: 'STRING'
    /** Trace the line belongs to */
    readonly trace_id: 'STRING'
    /** stdout or stderr */
    readonly stream: 'STRING'
    /** Container id */
    readonly container_id: 'STRING'
    /** Container name */
    readonly container_name: 'STRING'
    /** ECS cluster */
    readonly ecs_cluster: 'STRING'
    /** ARN of the ECS task */
    readonly ecs_task_arn: 'STRING'
    /** ECS task definition and revision */
    readonly ecs_task_definition: 'STRING'
  }
  /** nginx and Apache, common and combined, with their virtual host or not, nginx as JSON, and any by `logFormat` */
  readonly nginx: {
    /** Address of the client */
    readonly remote_addr: 'STRING'
    /** Identity by RFC 1413; nginx has none */
    readonly remote_logname: 'STRING'
    /** User name of Basic authentication */
    readonly remote_user: 'STRING'
    /** When the request was answered */
    readonly time: 'TIMESTAMP'
    /** HTTP method */
    readonly request_verb: 'STRING'
    /** URL as the client asked for it */
    readonly request_url: 'STRING'
    /** HTTP version */
    readonly request_proto: 'STRING'
    /** Status code of the answer */
    readonly status: 'INT64'
    /** Bytes of the body sent */
    readonly body_bytes_sent: 'INT64'
    /** Referer header, escapes kept */
    readonly http_referer: 'STRING'
    /** User-Agent header, escapes kept */
    readonly http_user_agent: 'STRING'
    /** X-Forwarded-For header */
    readonly http_x_forwarded_for: 'STRING'
    /** Compression ratio */
    readonly gzip_ratio: 'FLOAT64'
    /** Bytes of the request */
    readonly request_length: 'INT64'
    /** Seconds from the first byte of the request to the answer */
    readonly request_time: 'FLOAT64'
    /** Host of the request */
    readonly host: 'STRING'
    /** Name of the server block or virtual host */
    readonly server_name: 'STRING'
    /** Port of the server */
    readonly server_port: 'INT64'
    /** Id of the request */
    readonly request_id: 'STRING'
    /** Servers tried, as nginx lists them */
    readonly upstream_addr: 'STRING'
    /** Their status codes, as nginx lists them */
    readonly upstream_status: 'STRING'
    /** Seconds each took, as nginx lists them */
    readonly upstream_response_time: 'STRING'
  }
  /** RFC 3164 and RFC 5424 */
  readonly syslog: {
    /** When the message was written */
    readonly time: 'TIMESTAMP'
    /** Facility, 0 to 23 */
    readonly facility: 'INT64'
    /** Severity, from 0 emergency to 7 debug */
    readonly severity: 'INT64'
    /** Host */
    readonly hostname: 'STRING'
    /** Program */
    readonly app_name: 'STRING'
    /** Process id, or what the program gives for one */
    readonly proc_id: 'STRING'
    /** Type of the message */
    readonly msg_id: 'STRING'
    /** The message */
    readonly message: 'STRING'
  }
  /** W3C extended log format, as IIS writes it */
  readonly w3c: {
    /** Date of the request, in UTC */
    readonly date: 'STRING'
    /** Time of the request, in UTC */
    readonly time: 'STRING'
    /** Service and site */
    readonly s_sitename: 'STRING'
    /** Name of the server */
    readonly s_computername: 'STRING'
    /** Address of the server */
    readonly s_ip: 'STRING'
    /** HTTP method */
    readonly cs_method: 'STRING'
    /** Path of the URL */
    readonly cs_uri_stem: 'STRING'
    /** Query string of the URL */
    readonly cs_uri_query: 'STRING'
    /** Port of the server */
    readonly s_port: 'INT64'
    /** User, where one logged in */
    readonly cs_username: 'STRING'
    /** Address of the client */
    readonly c_ip: 'STRING'
    /** HTTP version */
    readonly cs_version: 'STRING'
    /** User-Agent header, with + for blanks */
    readonly cs_user_agent: 'STRING'
    /** Cookie header */
    readonly cs_cookie: 'STRING'
    /** Referer header */
    readonly cs_referer: 'STRING'
    /** Host header */
    readonly cs_host: 'STRING'
    /** Status code of the answer */
    readonly sc_status: 'INT64'
    /** Substatus code */
    readonly sc_substatus: 'INT64'
    /** Windows status code */
    readonly sc_win32_status: 'INT64'
    /** Bytes sent */
    readonly sc_bytes: 'INT64'
    /** Bytes received */
    readonly cs_bytes: 'INT64'
    /** Time the request took, as written: milliseconds in IIS */
    readonly time_taken: 'FLOAT64'
  }
  /** `name=value` pairs: Go kit, Grafana, Heroku, any */
  readonly logfmt: {
    /** Severity, as the service names it */
    readonly level: 'STRING'
    /** The message */
    readonly message: 'STRING'
    /** Name of the logger or component */
    readonly logger: 'STRING'
  }
  /** values between commas, semicolons, pipes or your `delimiter`, named by a header or `fields` */
  readonly csv: Readonly<Record<never, never>>
  /** values between tabs, named by a header or `fields` */
  readonly tsv: Readonly<Record<never, never>>
  /** any lines, with those that belong to them; or lines like an expression of yours, `pattern` */
  readonly text: {
    /** The message, or the whole line */
    readonly message: 'STRING'
  }
}
