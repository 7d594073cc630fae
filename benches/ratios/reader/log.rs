//! Audit log lines as a bastion writes them.

/// Returns the line with this number; every odd one is an end record.
pub fn line(number: usize) -> String {
    let (user, port, minute) = (number % 977, 1024 + number % 60_000, number / 60 % 60);
    let (second, end) = (number % 60, if number.is_multiple_of(2) { "" } else { END });
    let message = if end.is_empty() { "Successfully Connected." } else { "Session ended." };
    format!(
        concat!(
            r#"{{"time":"2025-11-05T09:{minute:02}:{second:02}.210Z","resourceId":"/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-"#,
            r#"3D5F6A7B8C90/RESOURCEGROUPS/RG-HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS-HUB-01","#,
            r#""operationName":"Microsoft.Network/BastionHost/connect","category":"BastionAuditLogs","#,
            r#""level":"Informational","location":"westeurope","properties":{{"userName":"user{user}","#,
            r#""userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "#,
            r#"Chrome/130.0.0.0 Safari/537.36","clientIpAddress":"203.0.113.20","clientPort":{port},"protocol":"rdp","#,
            r#""targetResourceId":"/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-3D5F6A7B8C90/RESOURCEGROUPS/RG-APP/PROVIDERS/"#,
            r#"MICROSOFT.COMPUTE/VIRTUALMACHINES/VM-{user:04}","subscriptionId":"8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90","#,
            r#""message":"{message}","resourceType":"VM","targetVMIPAddress":"10.1.2.4","#,
            r#""userEmail":"user{user}@contoso.com","tunnelId":"5f0c1c1e-7a5e-4a1c-9a55-{number:012}","#,
            r#""sessionStartTime":"2025-11-05T09:12:44.210Z"{end}}},"#,
            r#""FluentdIngestTimestamp":"2025-11-05T09:12:44.0000000Z","Region":"westeurope","#,
            r#""CustomerSubscriptionId":"8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90"}}"#,
            "\n"
        ),
        minute = minute,
        second = second,
        user = user,
        port = port,
        message = message,
        number = number,
        end = end,
    )
}

const END: &str = r#","sessionEndTime":"2025-11-05T09:21:09.500Z","duration":505290"#;
