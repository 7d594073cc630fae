// The bastion exports its audit log into a storage account, which has to be in its region.

@description('The name of the bastion.')
param bastionName string

@description('The resource id of the storage account.')
param storageAccountId string

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = {
  name: bastionName
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'bastion-archivist'
  scope: bastion
  properties: {
    storageAccountId: storageAccountId
    logs: [
      { category: 'BastionAuditLogs', enabled: true }
    ]
  }
}
