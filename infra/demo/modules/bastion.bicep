// Network with a Premium bastion, the only kind that records sessions.

@description('Name of the bastion.')
param name string

@description('Name of the network.')
param networkName string

@description('Name of the public address.')
param publicAddressName string

@description('Azure region of the resources.')
param location string

@description('Tags of all resources.')
param tags object

@description('Address range of the network, at least a /24.')
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: networkName
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        // The service requires this name.
        name: 'AzureBastionSubnet'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 26, 0) }
      }
      {
        name: 'machines'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 26, 1) }
      }
    ]
  }
}

resource publicAddress 'Microsoft.Network/publicIPAddresses@2025-01-01' = {
  name: publicAddressName
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Premium' }
  properties: {
    enableSessionRecording: true
    ipConfigurations: [
      {
        name: 'default'
        properties: {
          publicIPAddress: { id: publicAddress.id }
          subnet: { id: '${network.id}/subnets/AzureBastionSubnet' }
        }
      }
    ]
  }
}

@description('Resource id of the bastion.')
output id string = bastion.id

@description('DNS name, which is the origin of the pages that play recordings.')
output dnsName string = bastion.properties.dnsName
