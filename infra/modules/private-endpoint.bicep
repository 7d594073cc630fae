// One service of ours, at an address of the virtual network.

@description('The name of the endpoint.')
param name string

@description('Where it is.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The subnet that it is in.')
param subnetId string

@description('The resource id of what it leads to.')
param targetId string

@description('Which service of that.')
@allowed(['blob', 'queue', 'table', 'vault', 'sites'])
param service string

@description('The zone that its name goes into; empty where the network\'s owners see to names.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: targetId
          groupIds: [service]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = if (!empty(zoneId)) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: service
        properties: { privateDnsZoneId: zoneId }
      }
    ]
  }
}
