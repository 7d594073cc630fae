// Export of the accesses of an account with recordings to another storage account in its region.

@description('Name of the account with recordings.')
param accountName string

@description('Resource id of the storage account that receives the accesses.')
param storageAccountId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  // By destination: two environments with one destination share the setting, and with two destinations each has its own.
  name: 'archivist-accesses-${uniqueString(toLower(storageAccountId))}'
  scope: blobs
  properties: {
    storageAccountId: storageAccountId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}
