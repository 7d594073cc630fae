// Where a storage account that is there already is, and how its blobs are reached.

@description('The name of the storage account.')
param accountName string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

@description('Its region: a system topic has to be in the same.')
output location string = account.location

@description('The endpoint of its blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
