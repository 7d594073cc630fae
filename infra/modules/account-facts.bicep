// Region and endpoint of an existing storage account.

@description('Name of the storage account.')
param accountName string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

@description('Region; a system topic must be in the same.')
output location string = account.location

@description('Endpoint of its blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
