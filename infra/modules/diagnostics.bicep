// Export of the bastion's audit log to a storage account in the bastion's region.

@description('Name of the bastion.')
param bastionName string

@description('Resource id of the storage account.')
param storageAccountId string

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = {
  name: bastionName
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  // By destination: two environments with one destination share the setting, and with two destinations each has its own.
  name: 'bastion-archivist-${uniqueString(toLower(storageAccountId))}'
  scope: bastion
  properties: {
    storageAccountId: storageAccountId
    logs: [
      { category: 'BastionAuditLogs', enabled: true }
    ]
  }
}
