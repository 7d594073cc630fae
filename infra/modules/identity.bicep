// The identity of the app. It is there before the app is, so that everything can be granted to it first.

@description('Its name.')
param name string

@description('Where it is.')
param location string

@description('What all our resources are labelled with.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Its resource id.')
output id string = identity.id

@description('The id by which code chooses it.')
output clientId string = identity.properties.clientId

@description('The id that roles are granted to.')
output principalId string = identity.properties.principalId
